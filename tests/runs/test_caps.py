"""The operator's money is capped before anything is sent."""

from decimal import Decimal
from pathlib import Path

import pytest

from seedream_ui.errors import RequestRefused
from seedream_ui.runs.caps import Spender, Spending

ANNA, BEN = Spender("anna-token", "203.0.113.7"), Spender("ben-token", "203.0.113.9")


def _spending(folder: Path, daily: str | None = "1.00", visitor: str | None = "0.50") -> Spending:
    return Spending(folder, Decimal(daily) if daily else None, Decimal(visitor) if visitor else None)


def test_open_quotes_count_against_the_day(tmp_path):
    spending = _spending(tmp_path, visitor=None)
    spending.reserve("a", Decimal("0.60"), ANNA)
    with pytest.raises(RequestRefused, match=r"limit of \$1.00 for all visitors together"):
        spending.reserve("b", Decimal("0.41"), BEN)
    spending.reserve("c", Decimal("0.40"), BEN)
    assert spending.spent() == Decimal("1.00")


def test_a_visitor_is_known_by_token_and_by_address(tmp_path):
    spending = _spending(tmp_path)
    spending.reserve("a", Decimal("0.40"), ANNA)
    for other in (Spender("anna-token", "198.51.100.1"), Spender("another-token", "203.0.113.7")):
        with pytest.raises(RequestRefused, match="each visitor"):
            spending.reserve("b", Decimal("0.20"), other)
    spending.reserve("c", Decimal("0.20"), BEN)


def test_what_was_not_charged_is_free_again(tmp_path):
    spending = _spending(tmp_path)
    spending.reserve("a", Decimal("0.50"), ANNA)
    spending.settle("a", Decimal(0))
    spending.reserve("b", Decimal("0.50"), ANNA)


def test_a_restart_forgets_no_cent(tmp_path):
    _spending(tmp_path).reserve("a", Decimal("0.90"), Spender())
    with pytest.raises(RequestRefused):
        _spending(tmp_path).reserve("b", Decimal("0.20"), BEN)


def test_neither_token_nor_address_is_written_down(tmp_path):
    _spending(tmp_path).reserve("a", Decimal("0.10"), ANNA)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"anna-token" not in written
    assert b"203.0.113.7" not in written
