"""The database: runs as they are recorded, and the ledger. A file in the data folder, or a Postgres server."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from seedream_ui.errors import DatabaseNotReached

__all__ = ["LEDGER", "RUNS", "from_micros", "micros", "opened"]

CONNECTIONS = 20

_METADATA = sa.MetaData()

RUNS = sa.Table(
    "seedream_runs",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("executor", sa.Text, nullable=False),  # whose files hold its images, and who alone drives it
    sa.Column("visitor", sa.Text, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("press", sa.Text, unique=True),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("pinned", sa.Boolean, nullable=False, default=False),
    sa.Column("name", sa.Text, nullable=False, default=""),
    sa.Column("words", sa.Text, nullable=False),  # what a search looks through, case-folded
    sa.Column("record", sa.Text, nullable=False),  # the whole Run, as JSON
    sa.Index("seedream_runs_of_visitor", "visitor", "started_at"),
    sa.Index("seedream_runs_of_executor", "executor", "open", "started_at"),
)

LEDGER = sa.Table(
    "seedream_ledger",
    _METADATA,
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("visitor", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("day", sa.Text, nullable=False),  # UTC, as 2026-11-21
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("paid_by", sa.Text, nullable=False),
    sa.Column("visitor_mark", sa.Text, nullable=False),
    sa.Column("address_mark", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("returned", sa.Integer, nullable=False),
    sa.Column("quoted", sa.BigInteger, nullable=False),  # money is in millionths of a US dollar
    sa.Column("charged", sa.BigInteger),  # none while it is not known
    sa.Column("charge_is", sa.Text),
    sa.Column("refunded", sa.BigInteger, nullable=False, default=0),
    sa.Index("seedream_ledger_of_day", "day", "paid_by"),
    sa.Index("seedream_ledger_of_visitor", "visitor", "at"),
)


def opened(url: str) -> sa.Engine:
    """Connects and makes the tables that are missing. `url` is `sqlite:///…` or `postgresql://…`; raises `ValueError` for others.

    Raises `DatabaseNotReached`.

    SQLite writes ahead and syncs at checkpoints: a killed process loses nothing, and a write takes half the time. A machine that
    loses power may lose the last moment, of which the platform can still be asked.
    """
    kind, _, rest = url.partition("://")
    if kind in ("postgres", "postgresql"):
        engine = sa.create_engine(f"postgresql+psycopg://{rest}", pool_size=CONNECTIONS, pool_pre_ping=True)
    elif kind == "sqlite":
        engine = sa.create_engine(url, pool_size=CONNECTIONS, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _as_we_write)
    else:
        raise ValueError("SEEDREAM_DATABASE_URL has to begin with postgresql:// or sqlite:///.")
    try:
        _METADATA.create_all(engine)
    except OperationalError:
        raise DatabaseNotReached from None
    return engine


def _as_we_write(connection: Any, _: Any) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def micros(usd: Decimal) -> int:
    """US dollars as whole millionths."""
    return int((usd * 1_000_000).to_integral_value())


def from_micros(amount: int) -> Decimal:
    return Decimal(amount) / 1_000_000
