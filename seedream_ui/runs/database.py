"""The database: runs as they are recorded, and the ledger. A file in the data folder, or a Postgres server."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from seedream_ui.errors import DatabaseNotReached, ExecutorInUse

__all__ = ["CLAIMS", "LEDGER", "RUNS", "Database", "begin_writing", "from_micros", "micros"]

CONNECTIONS, THREADS = 20, 10

T = TypeVar("T")
_METADATA = sa.MetaData()

RUNS = sa.Table(
    "seedream_runs",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("executor", sa.Text, nullable=False),  # whose files hold its images, and who alone drives it
    sa.Column("visitor", sa.Text, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("free", sa.Boolean, nullable=False),
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
    sa.Column("press", sa.Text, unique=True),
    sa.Column("visitor", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("day", sa.Text, nullable=False),  # UTC, as 2026-11-21
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("paid_by", sa.Text, nullable=False),
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

CLAIMS = sa.Table(
    "seedream_claims",
    _METADATA,
    sa.Column("prediction", sa.Text, primary_key=True),  # a job at a platform, which belongs to one run for ever
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
)


class Database:
    """Connections to it, with the tables that are missing made. `url` is `sqlite:///…` or `postgresql://…`.

    `engine` is for most writes. SQLite writes ahead and syncs at checkpoints: a killed process loses nothing, and a write takes
    half the time; a machine that loses power may lose the last moments. `sure` is for what must not be lost even then, since
    money hangs on it: that a run was pressed, and that a job is about to be sent.

    Raises `ValueError` for another kind of URL, `DatabaseNotReached`, and `ExecutorInUse` where another process has this name.
    """

    def __init__(self, url: str, executor: str) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "database")
        kind, _, rest = url.partition("://")
        if kind in ("postgres", "postgresql"):
            self.engine = self.sure = _postgres(f"postgresql+psycopg://{rest}")
        elif kind == "sqlite":
            place = sa.URL.create("sqlite", database=rest.removeprefix("/"))
            self.engine, self.sure = _sqlite(place, "NORMAL"), _sqlite(place, "FULL")
        else:
            raise ValueError("SEEDREAM_DATABASE_URL has to begin with postgresql:// or sqlite:///.")
        try:
            _METADATA.create_all(self.engine)
            _without_old_columns(self.engine)
            self._name = _Name(self.engine, executor) if self.engine.dialect.name == "postgresql" else None
        except OperationalError:
            raise DatabaseNotReached from None

    def holds_name(self) -> bool:
        """Whether this process is still the only one of its name; else another has taken up its runs, and would send the same.

        A name lost with its connection is taken again, if nobody has it. One question to Postgres; a file's is never lost.
        """
        return self._name is None or self._name.held()

    async def asked(self, question: Callable[[str], T], about: str) -> T:
        """What a question is answered, from whatever loop. One that hangs keeps other questions waiting, and nothing else."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, question, about)

    def close(self) -> None:
        """Gives the executor's name free."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._name:
            self._name.release()
        self.engine.dispose()
        self.sure.dispose()


def begin_writing(connection: sa.Connection) -> None:
    """Lets nobody else write until this transaction is over, so that what it read before it writes stays true."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITING)))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


_WRITING = 734_207_113
"""Any number: the name of the lock under which processes that share a Postgres server reserve money."""
_GIVE_UP = {"tcp_user_timeout": 15_000, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""A server that has vanished without a word is given up after 15 s while it is asked, and after 25 s while it is not."""
_NAME_TRIES, _NAME_PAUSE = 20, 0.5


def _postgres(url: str) -> sa.Engine:
    arguments = {"connect_timeout": 10, "options": "-c statement_timeout=30000"} | _GIVE_UP
    return sa.create_engine(url, pool_size=CONNECTIONS, pool_pre_ping=True, hide_parameters=True, connect_args=arguments)


def _sqlite(place: sa.URL, synchronous: str) -> sa.Engine:
    engine = sa.create_engine(place, pool_size=CONNECTIONS, hide_parameters=True, connect_args={"check_same_thread": False})
    pragmas = ("journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=30000", "foreign_keys=ON")

    def as_we_write(connection: Any, _: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", as_we_write)
    return engine


def _without_old_columns(engine: sa.Engine) -> None:
    """Drops what a database of an earlier program has and nothing fills any more."""
    if any(column["name"] == "visitor_mark" for column in sa.inspect(engine).get_columns(LEDGER.name)):
        with engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {LEDGER.name} DROP COLUMN visitor_mark"))


class _Name:
    """An executor's name, held on a Postgres server for as long as a connection lives: two of one name would send each other's
    jobs. (A file is held by the lock on its folder.) One that is just ending is waited for. Raises `ExecutorInUse`.
    """

    def __init__(self, engine: sa.Engine, executor: str) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None
        self._take = sa.select(sa.func.pg_try_advisory_lock(sa.func.hashtext(f"seedream executor {executor}")))
        self._asking = threading.Lock()
        for _ in range(_NAME_TRIES):
            if self._taken():
                return
            time.sleep(_NAME_PAUSE)
        raise ExecutorInUse(executor)

    def held(self) -> bool:
        """Whether it is still ours. What was lost with its connection is taken again, if nobody else has it."""
        with self._asking, suppress(SQLAlchemyError):
            return self._alive() or self._taken()
        return False

    def release(self) -> None:
        if self._connection:
            self._connection.invalidate()  # back in the pool it would hold the name on
            self._connection.close()
        self._connection = None

    def _alive(self) -> bool:
        try:
            return self._connection is not None and self._connection.scalar(sa.select(1)) == 1
        except SQLAlchemyError:
            self.release()
            return False

    def _taken(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            self._connection = connection if connection.scalar(self._take) else None
        finally:
            if self._connection is None:
                connection.close()
        return self._connection is not None


def micros(usd: Decimal) -> int:
    """US dollars as whole millionths."""
    return int((usd * 1_000_000).to_integral_value())


def from_micros(amount: int) -> Decimal:
    return Decimal(amount) / 1_000_000
