"""The ledger: what each run was to cost and did, by whose word; and the caps on the operator's money, which stand on it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import sqlalchemy as sa

from seedream_ui.catalog import model_of
from seedream_ui.errors import RequestRefused
from seedream_ui.runs.database import LEDGER, Database, from_micros, micros
from seedream_ui.runs.run import Run

__all__ = ["ANYBODY", "Caps", "Ledger", "Spender", "Totals"]


@dataclass(frozen=True)
class Spender:
    """Who presses: a visitor's token and the address the call came from. Either may be the empty string."""

    visitor: str = ""
    address: str = ""


ANYBODY = Spender()
"""Nobody in particular: only the cap over all visitors holds."""


@dataclass(frozen=True)
class Caps:
    """Most that visitors may spend on the operator's key in a UTC day, in US dollars: all together, and each. None: no cap."""

    daily_usd: Decimal | None = None
    visitor_usd: Decimal | None = None


@dataclass(frozen=True)
class Totals:
    """What a visitor's runs were charged, in US dollars, and what of it is not known yet."""

    today: Decimal
    ever: Decimal
    open: Decimal


class Ledger:
    """One line for each run, written before anything is sent and settled at its end. Lines outlive the runs they are about."""

    def __init__(self, database: Database, caps: Caps) -> None:
        self._engine, self._caps = database.engine, caps

    def reserve(self, connection: sa.Connection, run: Run, press: str, address: str) -> None:
        """Enters a run at its quote, in a transaction in which nobody else writes, so that no two have the same last cent.

        `address` is the mark of where the press came from, the same on all servers of the database; it may be "". Raises
        `RequestRefused` where that would pass a cap of the operator's.
        """
        quoted = micros(run.cost_usd)
        line = {
            "run": run.id,
            "press": press or None,
            "visitor": run.visitor,
            "at": run.started_at,
            "day": _day(run.started_at),
            "platform": run.request.platform,
            "model": model_of(run.request).name,
            "paid_by": run.paid_by,
            "address_mark": address,
            "status": run.status,
            "asked": run.request.count,
            "returned": 0,
            "quoted": quoted,
        }
        if run.paid_by == "operator":
            self._within_caps(connection, quoted, line)
        connection.execute(LEDGER.insert(), line)

    def withdraw(self, connection: sa.Connection, run: Run) -> None:
        """Strikes out a run of which nothing was sent."""
        connection.execute(LEDGER.delete().where(LEDGER.c.run == run.id))

    def settle(self, connection: sa.Connection, run: Run) -> None:
        """Enters how a run ended, as far as it is known."""
        known = run.cost_is == "charged" and run.status != "unknown"
        changes = {
            "status": run.status,
            "returned": run.returned,
            "charged": micros(run.cost_usd) if known else None,
            "charge_is": run.charge_is,
            "refunded": micros(run.refunded_usd),
        }
        connection.execute(LEDGER.update().where(LEDGER.c.run == run.id).values(**changes))

    def totals(self, visitor: str) -> Totals:
        """Of the visitor with this tag."""
        mine = LEDGER.c.visitor == visitor
        charged = sa.func.coalesce(sa.func.sum(LEDGER.c.charged), 0)
        unsettled = sa.func.coalesce(sa.func.sum(LEDGER.c.quoted), 0)
        with self._engine.connect() as connection:
            today = connection.scalar(sa.select(charged).where(mine, LEDGER.c.day == _day()))
            ever = connection.scalar(sa.select(charged).where(mine))
            pending = connection.scalar(sa.select(unsettled).where(mine, LEDGER.c.charged.is_(None)))
        return Totals(*(from_micros(int(amount or 0)) for amount in (today, ever, pending)))

    def csv(self, visitor: str) -> str:
        """All lines of the visitor with this tag, newest first, with a line of names. Money is in US dollars."""
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow(_COLUMNS)
        writer.writerows(self._lines(visitor))
        return out.getvalue()

    def _lines(self, visitor: str) -> Iterator[list[object]]:
        mine = sa.select(LEDGER).where(LEDGER.c.visitor == visitor).order_by(LEDGER.c.at.desc())
        with self._engine.connect() as connection:
            for line in connection.execute(mine).mappings():
                yield [_told(name, line[column]) for name, column in _COLUMNS.items()]

    def _within_caps(self, connection: sa.Connection, quoted: int, line: Mapping[str, object]) -> None:
        today = _of(str(line["day"]))
        _within("all visitors together", self._caps.daily_usd, quoted + _sum(connection, today))
        for name in ("visitor", "address_mark"):
            if line[name]:
                held = _sum(connection, today & (LEDGER.c[name] == line[name]))
                _within("each visitor", self._caps.visitor_usd, quoted + held)


_COLUMNS = {
    "run": "run",
    "started_at": "at",
    "platform": "platform",
    "model": "model",
    "paid_by": "paid_by",
    "status": "status",
    "images_asked": "asked",
    "images_returned": "returned",
    "quoted_usd": "quoted",
    "charged_usd": "charged",
    "charged_by_word_of": "charge_is",
    "refunded_usd": "refunded",
}
"""The columns of the CSV file, and where they come from."""


def _told(name: str, value: object) -> object:
    if name.endswith("_usd") and isinstance(value, int):
        return format(from_micros(value).normalize(), "f")
    if name == "started_at" and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    return "" if value is None else value


def _of(day: str) -> sa.ColumnElement[bool]:
    return (LEDGER.c.day == day) & (LEDGER.c.paid_by == "operator")


def _sum(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Millionths of a dollar: what was charged, else what is quoted."""
    held = sa.func.sum(sa.func.coalesce(LEDGER.c.charged, LEDGER.c.quoted))
    return int(connection.scalar(sa.select(held).where(which)) or 0)


def _within(whose: str, cap: Decimal | None, amount: int) -> None:
    if cap is not None and amount > micros(cap):
        rest = "Nothing was sent. Use a key of your own, or come back tomorrow (UTC)."
        raise RequestRefused("cap", f"This would pass today’s limit of ${cap} for {whose} on the operator’s key. {rest}")


def _day(at: float | None = None) -> str:
    moment = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    return moment.date().isoformat()
