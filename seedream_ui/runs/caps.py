"""The operator's money: what visitors may spend on the operator's key, by UTC day."""

import hashlib
import hmac
import json
import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from seedream_ui.errors import RequestRefused
from seedream_ui.runs.files import write

__all__ = ["ANYBODY", "Spender", "Spending"]


@dataclass(frozen=True)
class Spender:
    """Who presses: a visitor's token and the address the call came from. Either may be the empty string."""

    visitor: str = ""
    address: str = ""


ANYBODY = Spender()
"""Nobody in particular: only the cap over all visitors holds."""


@dataclass(frozen=True)
class _Entry:
    """What one run holds of the day's money: its quote while it is open, then what was charged."""

    day: str
    run: str
    usd: str
    who: tuple[str, ...]


class Spending:
    """Reserves quotes before anything is sent and settles them after; both are on disk before the call returns.

    `daily_usd` caps all visitors together, `visitor_usd` each visitor by token *and* each address; None means no cap.
    The file holds keyed hashes of tokens and addresses, never these themselves. Safe for many threads.
    """

    def __init__(self, folder: Path, daily_usd: Decimal | None, visitor_usd: Decimal | None) -> None:
        self._folder, self._daily, self._visitor = folder, daily_usd, visitor_usd
        self._lock = threading.Lock()

    def reserve(self, run: str, usd: Decimal, spender: Spender) -> None:
        """Holds a quote. Raises `RequestRefused`, and holds nothing, where a cap would be passed."""
        with self._lock:
            entries, who = self._today(), self._hashes(spender)
            _within("all visitors together", self._daily, sum((Decimal(entry.usd) for entry in entries), usd))
            for one in who:
                mine = sum((Decimal(entry.usd) for entry in entries if one in entry.who), usd)
                _within("each visitor", self._visitor, mine)
            self._write([*entries, _Entry(_day(), run, str(usd), who)])

    def settle(self, run: str, charged: Decimal) -> None:
        """Puts what was really charged in the place of the quote."""
        with self._lock:
            entries = [_Entry(entry.day, run, str(charged), entry.who) if entry.run == run else entry for entry in self._today()]
            self._write(entries)

    def spent(self) -> Decimal:
        """Spent or held today, in US dollars."""
        return sum((Decimal(entry.usd) for entry in self._today()), Decimal(0))

    def _today(self) -> list[_Entry]:
        try:
            lines = (self._folder / "spending.jsonl").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        entries = [_Entry(**json.loads(line)) for line in lines]
        return [_Entry(entry.day, entry.run, entry.usd, tuple(entry.who)) for entry in entries if entry.day == _day()]

    def _write(self, entries: list[_Entry]) -> None:
        lines = "".join(json.dumps(asdict(entry)) + "\n" for entry in entries)
        write(self._folder / "spending.jsonl", lines.encode())

    def _hashes(self, spender: Spender) -> tuple[str, ...]:
        named = (f"visitor {spender.visitor}" if spender.visitor else "", f"address {spender.address}" if spender.address else "")
        secret = self._secret()
        return tuple(hmac.new(secret, name.encode(), hashlib.sha256).hexdigest()[:32] for name in named if name)

    def _secret(self) -> bytes:
        path = self._folder / "secret"
        if not path.exists():
            write(path, secrets.token_bytes(32))
        return path.read_bytes()


def _within(whose: str, cap: Decimal | None, usd: Decimal) -> None:
    if cap is not None and usd > cap:
        rest = "Nothing was sent. Use a key of your own, or come back tomorrow (UTC)."
        raise RequestRefused("cap", f"This would pass today’s limit of ${cap} for {whose} on the operator’s key. {rest}")


def _day() -> str:
    return datetime.now(UTC).date().isoformat()
