"""Several processes on one database: each drives its own runs, and no other's, whatever happens to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedream_ui.errors import DataFolderInUse, ExecutorInUse
from seedream_ui.runs import Runs, database
from seedream_ui.settings import Settings
from tests.conftest import PROJECT, started_app
from tests.emulators.wavespeed import WaveSpeed
from tests.kills.killing import Killing
from tests.postgres import NewDatabase


@pytest.fixture
def two(tmp_path: Path, emulator: WaveSpeed, postgres: NewDatabase) -> Iterator[tuple[Killing, Killing]]:
    """Two servers, each with a folder of its own, on one database and one account."""
    url = postgres()
    places = [tmp_path / name for name in ("first", "second")]
    for place in places:
        place.mkdir()
    first, second = (Killing(place, emulator, url, prompt=place.name) for place in places)
    with first, second:
        yield first, second


def test_a_second_process_leaves_the_firsts_live_run_alone(two: tuple[Killing, Killing], emulator: WaveSpeed) -> None:
    first, second = two
    done = emulator.hold()
    first.order(1, sequence=True)
    server = first.started()
    emulator.wait_for_jobs(1)
    second.order(1, sequence=True)
    second.finish()
    assert emulator.journal.count("submit") == 2
    done.set()
    assert server.wait(60) == 0
    assert emulator.journal.count("submit") == 2
    assert [len(killing.found()) for killing in two] == [1, 1]


def test_nor_does_it_take_over_what_a_killed_one_left(two: tuple[Killing, Killing], emulator: WaveSpeed) -> None:
    first, second = two
    done = emulator.hold()
    first.order(1, sequence=True)
    server = first.started()
    emulator.wait_for_jobs(1)
    server.kill()
    server.wait()
    second.order(2, sequence=True)
    second.finish()
    assert [run.status for run in second.found()] == ["completed"] * 2
    done.set()
    first.finish()
    assert [run.status for run in first.found()] == ["completed"]
    assert emulator.journal.count("submit") == 3


def test_two_of_one_name_on_one_database_do_not_run_at_once(
    tmp_path: Path,
    postgres: NewDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "_NAME_TRIES", 2)
    url = postgres()
    places = [Settings(tmp_path / name, 7, 1, False, database_url=url, executor="studio") for name in ("first", "second")]
    holder = Runs(places[0], {})
    with pytest.raises(ExecutorInUse, match="Another server runs under the name “studio”"):
        Runs(places[1], {})
    holder.close()
    Runs(places[1], {}).close()


def test_a_data_folder_has_one_server_and_a_second_one_is_told_so(tmp_path: Path) -> None:
    place = Settings(tmp_path, keep_days=7, keep_gb=1, ephemeral=False)
    holder = Runs(place, {})
    try:
        with pytest.raises(DataFolderInUse, match="already runs on the data folder"):
            Runs(place, {})
    finally:
        holder.close()
    Runs(place, {}).close()


def test_run_says_so_in_one_sentence_and_no_trace() -> None:
    with started_app() as app:
        env = {**os.environ, "SEEDREAM_DATA_DIR": str(app.data_dir), "GRADIO_SERVER_PORT": "0"}
        second = subprocess.run([sys.executable, "app.py"], cwd=PROJECT, env=env, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert second.stderr.strip().startswith(f"Another Sequence Studio (process {app.process.pid}) already runs")
        assert "Traceback" not in second.stderr
