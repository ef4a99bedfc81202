"""The database that several servers share: who is who there, and what happens while it is away."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from seedream_ui.errors import ExecutorInUse, RunNotRecorded
from seedream_ui.request import SequenceRequest
from seedream_ui.runs import database
from seedream_ui.runs.database import LEDGER, Database
from seedream_ui.runs.ledger import ANYBODY, Caps, Ledger
from seedream_ui.runs.records import Records
from seedream_ui.runs.run import Run, new_run
from tests.postgres import NewDatabase

FOX = SequenceRequest(prompt="a fox")
Open = Callable[[], Database]


@pytest.fixture
def same_name(postgres: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Servers of one name on one database."""
    monkeypatch.setattr(database, "_NAME_TRIES", 1)
    url, made = postgres(), []

    def another() -> Database:
        made.append(Database(url, "studio"))
        return made[-1]

    yield another
    for each in made:
        each.close()


def run() -> Run:
    return new_run(secrets.token_urlsafe(24), "run-x", FOX)


def lose_name(holder: Database) -> None:
    """As a proxy does that ends idle connections."""
    assert holder._name
    assert holder._name._connection
    process = holder._name._connection.scalar(sa.select(sa.func.pg_backend_pid()))
    with holder.engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_terminate_backend(process, 5000)))


class TestAName:
    def test_whose_connection_was_lost_is_taken_again(self, same_name: Open) -> None:
        first = same_name()
        lose_name(first)
        assert first.holds_name()
        with pytest.raises(ExecutorInUse):
            same_name()

    def test_that_another_has_by_now_is_not_ours_until_that_one_ends(self, same_name: Open) -> None:
        first = same_name()
        lose_name(first)
        second = same_name()
        assert (first.holds_name(), second.holds_name()) == (False, True)
        second.close()
        assert first.holds_name()

    def test_that_is_lost_sends_nothing_more(self, same_name: Open) -> None:
        first = same_name()
        records = Records(first, "studio", Ledger(first, Caps()))
        records.add(going := run(), "", ANYBODY)
        lose_name(first)
        same_name()
        with pytest.raises(RunNotRecorded, match="nothing was sent"):
            records.add(run(), "", ANYBODY)
        with pytest.raises(RunNotRecorded):
            records.put(going, surely=True)  # as before a job is sent
        records.put(going.changed(activity="what was sent before still comes"))
        assert [each.activity for each in records.open()] == ["what was sent before still comes"]


def test_a_file_of_an_earlier_program_can_still_be_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    ledger = str(CreateTable(LEDGER)).replace("address_mark TEXT", "visitor_mark TEXT NOT NULL, address_mark TEXT")
    with sa.create_engine(url).begin() as connection:
        connection.execute(sa.text(ledger))
    here = Database(url, "studio")
    records = Records(here, "studio", Ledger(here, Caps()))
    records.add(going := run(), "", ANYBODY)
    assert records.open() == [going]
    here.close()
