"""What runs cost is written down before anything is sent and settled at their end; the operator's money is capped."""

import asyncio
import csv
import secrets
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from seedream_ui.errors import DatabaseNotReached, RequestRefused
from seedream_ui.request import SequenceRequest
from seedream_ui.runs.database import Database
from seedream_ui.runs.ledger import ANYBODY, Caps, Ledger, Spender
from seedream_ui.runs.marks import address_mark, visitor_tag
from seedream_ui.runs.records import Pressed, Records
from seedream_ui.runs.run import Run, new_run
from seedream_ui.secret import Secret
from tests.postgres import NewDatabase
from tests.runs.conftest import MakeRuns
from tests.runs.stand_ins import Losing, Willing

ANNA, BEN = Spender("anna-token", "203.0.113.7"), Spender("ben-token", "203.0.113.9")
OPERATORS = Secret("operators-key-" + "7" * 50)
Book = Callable[..., tuple[Records, Ledger]]


@pytest.fixture
def book(tmp_path: Path, database_url: str) -> Iterator[Book]:
    """Records and their ledger, always in the same place: asking again is a restart."""
    database = Database(database_url or f"sqlite:///{tmp_path / 'studio.db'}", "here")

    def open_it(daily: str | None = "1.00", visitor: str | None = "0.50") -> tuple[Records, Ledger]:
        caps = Caps(Decimal(daily) if daily else None, Decimal(visitor) if visitor else None)
        ledger = Ledger(database, caps)
        return Records(database, "here", ledger), ledger

    yield open_it
    database.close()


def paid(usd: str, **changes: Any) -> Run:
    run = new_run(secrets.token_urlsafe(24), "run-x", SequenceRequest(prompt="a fox", platform="wavespeed"), paid_by="operator")
    return run.model_copy(update={"cost_usd": Decimal(usd), **changes})


def press(records: Records, usd: str, spender: Spender) -> Run:
    """A press on the operator's key."""
    run = paid(usd, visitor=visitor_tag(spender.visitor))
    records.add(run, "", spender, OPERATORS)
    return run


def settled(run: Run, usd: str) -> Run:
    return run.changed(status="completed", open=False, cost_usd=Decimal(usd), cost_is="charged", charge_is="platform")


class TestTheCaps:
    def test_count_open_quotes_against_the_day(self, book: Book) -> None:
        records, _ = book(visitor=None)
        records.add(paid("0.60"), "", ANNA)
        with pytest.raises(RequestRefused, match=r"limit of \$1.00 for all visitors together"):
            records.add(paid("0.41"), "", BEN)
        records.add(paid("0.40"), "", BEN)
        with pytest.raises(RequestRefused):
            records.add(paid("0.000001"), "", BEN)

    def test_know_a_visitor_by_token_and_by_address(self, book: Book) -> None:
        records, _ = book()
        press(records, "0.40", ANNA)
        for other in (Spender("anna-token", "198.51.100.1"), Spender("another-token", "203.0.113.7")):
            with pytest.raises(RequestRefused, match="each visitor"):
                press(records, "0.20", other)
        press(records, "0.20", BEN)

    def test_know_a_visitor_on_every_server_of_one_database(self, postgres: NewDatabase) -> None:
        url = postgres()
        databases = [Database(url, name) for name in ("first", "second")]
        first, second = (Records(each, str(i), Ledger(each, Caps(None, Decimal("0.50")))) for i, each in enumerate(databases))
        press(first, "0.40", ANNA)
        for other in (Spender("anna-token", "198.51.100.1"), Spender("another-token", "203.0.113.7")):
            with pytest.raises(RequestRefused, match="each visitor"):
                press(second, "0.20", other)
        press(second, "0.20", BEN)
        for each in databases:
            each.close()

    def test_leave_no_run_behind_where_they_refuse(self, book: Book) -> None:
        records, _ = book()
        with pytest.raises(RequestRefused):
            records.add(paid("2"), "press", ANNA)
        assert records.open() == []
        assert records.pressed("press") is None

    def test_are_free_again_for_what_was_not_charged(self, book: Book) -> None:
        records, _ = book()
        records.add(run := paid("0.50"), "", ANNA)
        records.put(settled(run, "0"))
        records.add(paid("0.50"), "", ANNA)

    def test_hold_after_a_restart(self, book: Book) -> None:
        book()[0].add(paid("0.90"), "", ANYBODY)
        with pytest.raises(RequestRefused):
            book()[0].add(paid("0.20"), "", BEN)

    def test_count_a_press_in_the_day_in_which_it_was_made(self, book: Book) -> None:
        """Even if it is reserved after midnight: else a burst just before would pass two days' caps."""
        records, _ = book(visitor=None)
        yesterday = paid("0.01").started_at - 86_400
        records.add(paid("0.60", started_at=yesterday), "", ANNA)
        with pytest.raises(RequestRefused):
            records.add(paid("0.60", started_at=yesterday), "", BEN)

    def test_give_one_press_its_run_however_often_it_is_sent(self, book: Book) -> None:
        records, _ = book(visitor=None)
        records.add(run := paid("1.00"), "press-1", ANNA)
        for _ in range(3):
            with pytest.raises(Pressed) as known:
                records.add(paid("1.00"), "press-1", ANNA)
            assert known.value.run_id == run.id

    def test_hold_against_many_presses_at_once(self, book: Book) -> None:
        records, _ = book(visitor=None)

        async def press() -> bool:
            try:
                await asyncio.to_thread(records.add, paid("0.30"), "", ANYBODY)
            except RequestRefused:
                return False
            return True

        async def all_at_once() -> list[bool]:
            return await asyncio.gather(*(press() for _ in range(12)))

        assert sum(asyncio.run(all_at_once())) == 3
        records.add(paid("0.10"), "", ANYBODY)

    def test_do_not_touch_what_visitors_pay_themselves(self, book: Book) -> None:
        records, _ = book()
        records.add(paid("9", paid_by="visitor"), "", ANNA)
        records.add(paid("1.00"), "", ANYBODY)

    def test_write_down_neither_token_nor_address_nor_key(self, book: Book, tmp_path: Path) -> None:
        press(book()[0], "0.10", ANNA)
        written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        for kept_to_ourselves in ("anna-token", "203.0.113.7", OPERATORS.reveal()):
            assert kept_to_ourselves.encode() not in written

    def test_write_down_nothing_by_which_an_address_is_found_by_trying_all(self) -> None:
        """What is hashed with it is not in the database."""
        assert address_mark("203.0.113.7", OPERATORS) != address_mark("203.0.113.7", Secret("another"))
        assert address_mark("203.0.113.7", OPERATORS) != address_mark("203.0.113.9", OPERATORS)
        assert address_mark("203.0.113.7", None) == address_mark("", OPERATORS) == ""


class TestALine:
    async def test_tells_what_was_asked_for_and_what_came(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Losing(1))
        run = await runs.start(SequenceRequest(prompt="a fox", count=3), spender=ANNA)
        await runs.finish(run.id, "anna-token")
        (line,) = csv.DictReader(StringIO(runs.history.csv("anna-token")))
        assert (line["run"], line["platform"], line["status"]) == (run.id, "sketch", "partial")
        assert (line["images_asked"], line["images_returned"], line["charged_usd"]) == ("3", "2", "0")

    async def test_is_seen_by_its_own_visitor_only(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        for spender in (ANNA, BEN, ANYBODY):
            await runs.start(SequenceRequest(prompt="a fox"), spender=spender)
        assert len(list(csv.DictReader(StringIO(runs.history.csv("anna-token"))))) == 1
        assert list(csv.DictReader(StringIO(runs.history.csv("")))) == []

    async def test_outlives_its_run(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        run = await runs.start(SequenceRequest(prompt="a fox"), spender=ANNA)
        await runs.finish(run.id, "anna-token")
        await runs.delete(run.id, "anna-token")
        assert run.id in runs.history.csv("anna-token")

    def test_is_unknown_until_the_charge_is_known_and_counts_as_open(self, book: Book) -> None:
        records, ledger = book()
        records.add(run := paid("0.30", visitor="tag"), "", ANNA)
        records.put(run.changed(status="unknown"))
        assert (ledger.totals("tag").ever, ledger.totals("tag").open) == (0, Decimal("0.30"))
        records.put(settled(run, "0.15"))
        assert (ledger.totals("tag").today, ledger.totals("tag").open) == (Decimal("0.15"), 0)
        assert "0.3,0.15,platform" in ledger.csv("tag")

    def test_is_exact_to_the_millionth_of_a_dollar(self, book: Book) -> None:
        records, ledger = book(None, None)
        for _ in range(10):
            records.add(run := paid("0.027001", visitor="tag"), "", ANNA)
            records.put(settled(run, "0.027001"))
        assert ledger.totals("tag").today == Decimal("0.270010")


def test_a_database_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(DatabaseNotReached, match="cannot be reached") as refused:
        Database("postgresql://studio:pa55word@127.0.0.1:9/studio", "here")
    assert "pa55word" not in repr(refused.value)
    assert refused.value.__cause__ is None


def test_another_kind_of_database_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="has to begin with postgresql:// or sqlite:///"):
        Database("mysql://somewhere/else", "here")
