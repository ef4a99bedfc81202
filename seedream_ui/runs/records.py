"""Runs as they are recorded: what survives a killed server, and what the history is read from."""

import logging
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from seedream_ui.catalog import model_of, platform_of
from seedream_ui.errors import RunNotRecorded
from seedream_ui.runs.database import CLAIMS, LEDGER, RUNS, Database, begin_writing
from seedream_ui.runs.ledger import Ledger, Spender
from seedream_ui.runs.marks import address_mark
from seedream_ui.runs.run import Run
from seedream_ui.secret import Secret

log = logging.getLogger(__name__)

__all__ = ["Entry", "Pressed", "Records"]


class Pressed(Exception):
    """That press has its run already."""

    def __init__(self, run_id: str) -> None:
        super().__init__(run_id)
        self.run_id = run_id


@dataclass(frozen=True)
class Entry:
    """A run in the history, with what its owner wrote on it."""

    run: Run
    name: str
    pinned: bool


class Records:
    """The runs of one executor. Every method may be called from any thread, and takes one transaction."""

    def __init__(self, database: Database, executor: str, ledger: Ledger) -> None:
        self._engine, self._sure, self._executor, self._ledger = database.engine, database.sure, executor, ledger
        self._database = database
        self._adding = threading.Lock()  # many presses at once wait here, and not by trying again at the database

    def add(self, run: Run, press: str, spender: Spender, key: Secret | None = None) -> None:
        """Records a new run and reserves its quote, both or neither. `press` may be ""; `key` is what it is paid with.

        Raises `Pressed` where the press has a run already, `RequestRefused` where a cap would be passed, and `RunNotRecorded`
        where the executor's name is lost.
        """
        self._still_ours()
        row: dict[str, Any] = {"id": run.id, "executor": self._executor, "visitor": run.visitor, "folder": run.folder}
        row |= {"free": run.paid_by == "nobody", "started_at": run.started_at, "pinned": False, "name": ""}
        row |= {"words": _words(run)} | _row(run)
        address = address_mark(spender.address, key) if run.paid_by == "operator" else ""
        with self._adding, self._sure.begin() as connection:
            begin_writing(connection)
            if press and (known := _pressed(connection, press)):
                raise Pressed(known)
            self._ledger.reserve(connection, run, press, address)
            connection.execute(RUNS.insert(), row)

    def withdraw(self, run: Run) -> None:
        """Takes back what an `add` that failed may have recorded all the same. Waits for its end, if it still goes on there."""
        with self._sure.begin() as connection:
            begin_writing(connection)
            connection.execute(RUNS.delete().where(self._mine, RUNS.c.id == run.id))
            self._ledger.withdraw(connection, run)

    def put(self, run: Run, surely: bool = False) -> None:
        """Records a run as it is now, and whose its jobs are; once it is over, or unknown, what it cost too.

        `surely`: so that not even a power cut loses it, and only while we alone drive it; else it raises `RunNotRecorded`.
        """
        if surely:
            self._still_ours()
        with (self._sure if surely else self._engine).begin() as connection:
            connection.execute(RUNS.update().where(self._mine, RUNS.c.id == run.id).values(**_row(run)))
            for job in run.jobs:
                if job.prediction_id and job.state != "done":
                    connection.execute(_claim(connection, job.prediction_id, run))
            if run.finished:
                self._ledger.settle(connection, run)

    def claimed(self, platform: str) -> list[str]:
        """The predictions at a platform that belong to a run, whoever's."""
        with self._engine.connect() as connection:
            return list(connection.scalars(sa.select(CLAIMS.c.prediction).where(CLAIMS.c.platform == platform)))

    def pressed(self, press: str) -> str | None:
        """The id of the run that a press started, even if that run is deleted."""
        with self._engine.connect() as connection:
            return _pressed(connection, press)

    def open(self) -> list[Run]:
        """The runs that are not over, oldest first."""
        wanted = sa.select(RUNS).where(self._mine, RUNS.c.open).order_by(RUNS.c.started_at)
        return [entry.run for entry in self._rows(wanted)]

    def page(self, visitor: str, limit: int, query: str = "", before: float | None = None, going: bool = False) -> list[Entry]:
        """The runs of a visitor, by tag, newest first: those in which every word of `query` is found; `going`: the open ones."""
        wanted = sa.select(RUNS).where(self._mine, RUNS.c.visitor == visitor)
        for word in query.casefold().split():
            wanted = wanted.where(RUNS.c.words.contains(word, autoescape=True))
        if going:
            wanted = wanted.where(RUNS.c.open)
        if before is not None:
            wanted = wanted.where(RUNS.c.started_at < before)
        return self._rows(wanted.order_by(RUNS.c.started_at.desc()).limit(limit))

    def newest(self, limit: int) -> list[Run]:
        """The newest runs that are over, whoever's."""
        wanted = sa.select(RUNS).where(self._mine, sa.not_(RUNS.c.open)).order_by(RUNS.c.started_at.desc()).limit(limit)
        return [entry.run for entry in self._rows(wanted)]

    def entry(self, run_id: str) -> Entry | None:
        found = self._rows(sa.select(RUNS).where(self._mine, RUNS.c.id == run_id))
        return found[0] if found else None

    def note(self, run: Run, **changes: Any) -> None:
        """Writes on a run: its `name`, or whether it is `pinned`."""
        if "name" in changes:
            changes["words"] = _words(run, changes["name"])
        with self._engine.begin() as connection:
            connection.execute(RUNS.update().where(self._mine, RUNS.c.id == run.id).values(**changes))

    def remove(self, run_ids: Iterable[str]) -> None:
        """Forgets runs; their lines in the ledger stay."""
        with self._engine.begin() as connection:
            connection.execute(RUNS.delete().where(self._mine, RUNS.c.id.in_(list(run_ids))))

    def loose(self, before: float, folders: Collection[str]) -> list[Run]:
        """The runs that may go, over and not pinned: those that started before, and those with such a folder."""
        age = (RUNS.c.started_at < before) | RUNS.c.folder.in_(folders)
        wanted = sa.select(RUNS).where(self._mine, sa.not_(RUNS.c.open), sa.not_(RUNS.c.pinned), age)
        return [entry.run for entry in self._rows(wanted)]

    def free_folders(self) -> set[str]:
        """The folders of runs that cost nothing and can be made again."""
        with self._engine.connect() as connection:
            return set(connection.scalars(sa.select(RUNS.c.folder).where(self._mine, RUNS.c.free)))

    def kept(self) -> list[Entry]:
        """The runs that stay whatever their age: open, or pinned."""
        return self._rows(sa.select(RUNS).where(self._mine, RUNS.c.open | RUNS.c.pinned))

    def _still_ours(self) -> None:
        if not self._database.holds_name():
            log.error("the name %s is not ours any more: another server runs under it, or the database is away", self._executor)
            raise RunNotRecorded

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return RUNS.c.executor == self._executor

    def _rows(self, wanted: sa.Select[Any]) -> list[Entry]:
        """One record that cannot be read, as one of a newer program, takes nothing else with it."""
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [entry for entry in map(_entry, rows) if entry]


def _entry(row: sa.RowMapping) -> Entry | None:
    try:
        return Entry(Run.model_validate_json(row["record"]), row["name"], bool(row["pinned"]))
    except Exception:
        log.exception("the record of run %s cannot be read", row["id"][:6])
        return None


def _pressed(connection: sa.Connection, press: str) -> str | None:
    run: str | None = connection.scalar(sa.select(LEDGER.c.run).where(LEDGER.c.press == press))
    return run


def _claim(connection: sa.Connection, prediction_id: str, run: Run) -> sa.Executable:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(CLAIMS).values(prediction=prediction_id, platform=run.request.platform, run=run.id).on_conflict_do_nothing()


def _row(run: Run) -> dict[str, Any]:
    return {"open": run.open, "record": run.model_dump_json()}


def _words(run: Run, name: str = "") -> str:
    request = run.request
    panels = [text for panel in request.panels for text in (panel.text, panel.caption)]
    labels = [reference.label for reference in request.references]
    about = [platform_of(request).title, model_of(request).title, request.platform]
    return "\n".join(text for text in (name, request.prompt, *panels, *labels, *about) if text).casefold()
