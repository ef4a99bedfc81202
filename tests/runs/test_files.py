"""The files of runs: stored whole, served by unguessable names, cleaned up by age and size."""

import asyncio
import hashlib
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from seedream_ui.errors import RequestRefused, RunNotFound
from seedream_ui.request import Reference, SequenceRequest
from seedream_ui.runs.files import RunFiles
from tests.runs.conftest import MakeRuns
from tests.runs.stand_ins import Gate, Willing, picture

DAY = 86_400
RUN = "run-" + "a" * 32


@pytest.fixture
def files(tmp_path: Path) -> RunFiles:
    root = tmp_path / "files"
    root.mkdir()
    return RunFiles(root)


def folder(files: RunFiles, name: str, days_old: float, size: int = 1000) -> Path:
    place = files.root / name
    place.mkdir()
    (place / "image-01.png").write_bytes(b"x" * size)
    for path in (place / "image-01.png", place):
        os.utime(path, (time.time() - days_old * DAY,) * 2)
    return place


class TestAnImage:
    def test_is_stored_byte_for_byte(self, files: RunFiles) -> None:
        frame = files.save(RUN, 3, data := picture(7))
        assert (files.folder(RUN) / "image-03.png").read_bytes() == data
        assert frame["sha256"] == hashlib.sha256(data).hexdigest()
        assert (frame["file"], frame["width"], frame["height"], frame["size"]) == ("image-03.png", 32, 24, len(data))

    @pytest.mark.parametrize("kind", ["thumb", "middle"])
    def test_gets_its_smaller_sizes_when_they_are_first_asked_for(self, files: RunFiles, kind: str) -> None:
        frame = files.save(RUN, 1, picture())
        assert [path.name for path in files.folder(RUN).iterdir()] == ["image-01.png"]
        small = files.small(RUN, kind, frame["file"])
        assert small == files.small(RUN, kind, frame["file"]) == files.folder(RUN) / f"{kind}-image-01.webp"
        with Image.open(small) as opened:
            assert opened.format == "WEBP"

    def test_that_cannot_be_made_smaller_is_shown_as_it_is(self, files: RunFiles) -> None:
        files.folder(RUN).mkdir()
        (files.folder(RUN) / "image-01.png").write_bytes(b"no picture")
        assert files.small(RUN, "thumb", "image-01.png").name == "image-01.png"

    @pytest.mark.parametrize(
        "asked", ["run-x thumb image-01.png", f"{RUN} huge image-01.png", f"{RUN} thumb ../x", f"{RUN} thumb x"]
    )
    def test_of_nothing_that_is_an_image_of_a_run_is_not_made(self, files: RunFiles, asked: str) -> None:
        files.save(RUN, 1, picture())
        (files.root / "x").write_bytes(picture())
        with pytest.raises(FileNotFoundError):
            files.small(*asked.split(" "))


class TestReaping:
    def test_takes_old_runs_and_leaves_young_ones(self, files: RunFiles) -> None:
        old, young = folder(files, "run-old", 8), folder(files, "run-young", 6)
        files.reap(keep_days=7, keep_gb=1)
        assert (old.exists(), young.exists()) == (False, True)

    def test_takes_the_oldest_until_the_rest_fits(self, files: RunFiles) -> None:
        places = [folder(files, f"run-{days}", days, size=400_000) for days in (3, 1, 2)]
        files.reap(keep_days=7, keep_gb=0.0009)
        assert [place.exists() for place in places] == [False, True, True]

    def test_leaves_open_runs_however_old_or_large(self, files: RunFiles) -> None:
        going = folder(files, "run-going", 30, size=400_000)
        files.reap(keep_days=7, keep_gb=0, stay={"run-going"})
        assert going.exists()

    def test_takes_uploads_after_a_day(self, files: RunFiles) -> None:
        yesterday, today = folder(files, "6f1c" * 16, 1.1), folder(files, "9ab3" * 16, 0.9)
        files.reap(keep_days=7, keep_gb=1)
        assert (yesterday.exists(), today.exists()) == (False, True)

    def test_goes_by_the_newest_file_in_a_folder(self, files: RunFiles) -> None:
        used = folder(files, "run-used", 30)
        (used / "export.zip").write_bytes(b"new")
        os.utime(used, (time.time() - 30 * DAY,) * 2)
        files.reap(keep_days=7, keep_gb=1)
        assert used.exists()

    async def test_of_the_whole_service_leaves_what_is_going_on(self, runs_on: MakeRuns) -> None:
        gate = Gate(1)
        runs = runs_on(Willing(gate))
        unused = runs.store.put(picture(), "image/png")
        started = await runs.start(SequenceRequest(prompt="a fox", count=2))
        async for run in runs.follow(started.id):
            if run.returned == 1:
                break
        await asyncio.to_thread(runs.reap, keep_days=0, keep_gb=0)
        gate.release()
        run = await runs.finish(started.id)
        assert run.status == "completed"
        assert all((runs.files.folder(run.folder) / (frame.file or "?")).exists() for frame in run.frames)
        assert not runs.store.has(unused)

    async def test_of_the_whole_service_takes_old_runs_with_their_images(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        run = await runs.finish((await runs.start(SequenceRequest(prompt="a fox"))).id)
        await asyncio.to_thread(runs.reap, keep_days=-1, keep_gb=1)
        assert not list(runs.files.root.iterdir())
        with pytest.raises(RunNotFound):
            runs.find(run.id)

    async def test_of_the_whole_service_leaves_what_is_pinned_with_its_references(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        sha256 = runs.store.put(picture(), "image/png")
        reference = Reference(sha256=sha256, media_type="image/png", width=32, height=24)
        run = await runs.finish((await runs.start(SequenceRequest(prompt="a fox", references=(reference,)))).id)
        runs.history.pin(run, pinned=True)
        await asyncio.to_thread(runs.reap, keep_days=-1, keep_gb=0)
        assert runs.find(run.id).returned == 4
        assert runs.store.has(sha256)

    async def test_pinned_sets_leave_room_for_others(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing(), keep_gb=3 * 4 * len(picture()) / 1e9)  # room for three sets, and half of it for pinned ones
        first, second = [await runs.finish((await runs.start(SequenceRequest(prompt=name))).id) for name in ("a fox", "an owl")]
        runs.history.pin(first, pinned=True)
        runs.history.pin(first, pinned=True)
        with pytest.raises(RequestRefused, match="GB of pinned sets, and this one would be beyond it"):
            runs.history.pin(second, pinned=True)
        runs.history.pin(first, pinned=False)
        runs.history.pin(second, pinned=True)
