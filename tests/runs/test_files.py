"""The files of runs: stored whole, served by unguessable names, cleaned up by age and size."""

import asyncio
import hashlib
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from seedream_ui.errors import RequestRefused, RunNotFound
from seedream_ui.request import Reference, SequenceRequest
from seedream_ui.runs import Run, Runs, Spender
from seedream_ui.runs.files import RunFiles
from seedream_ui.runs.records import Records
from tests.runs.conftest import MakeRuns
from tests.runs.stand_ins import Gate, Willing, picture, until

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


class TestADeletedSet:
    @pytest.mark.parametrize("kind", ["thumb", "middle"])
    def test_is_not_brought_back_by_what_is_just_made_of_it(
        self, files: RunFiles, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        file = files.save(RUN, 1, picture())["file"]

        def slowly(_: Path) -> bytes:
            files.remove(RUN)
            return b"a smaller picture"

        monkeypatch.setattr("seedream_ui.runs.files.SMALL", {kind: slowly})
        with pytest.raises(FileNotFoundError):
            files.small(RUN, kind, file)
        assert list(files.root.iterdir()) == []

    def test_is_not_downloaded(self, files: RunFiles) -> None:
        with pytest.raises(FileNotFoundError):
            files.made(RUN, "set.zip", lambda path: path.write_bytes(b"images"))
        assert list(files.root.iterdir()) == []


class TestADownload:
    def test_is_made_once(self, files: RunFiles) -> None:
        files.save(RUN, 1, picture())
        first = files.made(RUN, "set.zip", lambda path: path.write_bytes(b"images"))
        assert files.made(RUN, "set.zip", lambda path: path.write_bytes(b"other images")) == first
        assert first.read_bytes() == b"images"

    def test_that_fails_leaves_nothing(self, files: RunFiles) -> None:
        def full(path: Path) -> None:
            path.write_bytes(b"half of it")
            raise OSError("disk full")

        files.save(RUN, 1, picture())
        with pytest.raises(OSError, match="disk full"):
            files.made(RUN, "set.zip", full)
        assert [path.name for path in files.root.rglob("*")] == [RUN, "image-01.png"]

    def test_that_is_asked_for_again_stays_another_hour(self, files: RunFiles) -> None:
        files.save(RUN, 1, picture())
        made = files.made(RUN, "set.zip", lambda path: path.write_bytes(b"images"))
        os.utime(made, (time.time() - 4000,) * 2)
        files.made(RUN, "set.zip", lambda path: path.write_bytes(b"images"))
        files.reap(keep_days=7, keep_gb=1)
        assert made.exists()


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
        files.reap(keep_days=7, keep_gb=0, stay=lambda: {"run-going"})
        assert going.exists()

    def test_leaves_a_run_that_was_begun_while_folders_are_looked_through(self, files: RunFiles) -> None:
        going = folder(files, "run-going", 0, size=400_000)

        def asked_late() -> set[str]:
            folder(files, "run-begun", 0, size=400_000)  # not listed any more; one that is listed is recorded by now
            return {"run-going"}

        files.reap(keep_days=7, keep_gb=0, stay=asked_late)
        assert [going.exists(), files.folder("run-begun").exists()] == [True, True]

    def test_goes_on_where_a_folder_is_deleted_meanwhile(self, files: RunFiles, monkeypatch: pytest.MonkeyPatch) -> None:
        folder(files, "run-deleted", 8), folder(files, "run-old", 8)
        stat = Path.stat

        def late(path: Path, **how: Any) -> os.stat_result:
            if "run-deleted" in path.parts and path.name != "run-deleted":
                raise FileNotFoundError
            return stat(path, **how)

        monkeypatch.setattr(Path, "stat", late)
        assert files.reap(keep_days=7, keep_gb=1) == {"run-old"}

    def test_takes_uploads_after_an_hour(self, files: RunFiles) -> None:
        before, now = folder(files, "6f1c" * 16, 1.1 / 24), folder(files, "9ab3" * 16, 0.9 / 24)
        files.reap(keep_days=7, keep_gb=1)
        assert (before.exists(), now.exists()) == (False, True)

    def test_takes_downloads_after_an_hour_and_leaves_the_pictures(self, files: RunFiles) -> None:
        place = folder(files, RUN, 1)
        for name, hours in (("thumb-image-01.webp", 9), ("zip-new.zip", 0.9), ("zip-old.zip", 1.1), ("tmpleft.part", 1.1)):
            (place / name).write_bytes(b"x")
            os.utime(place / name, (time.time() - hours * 3600,) * 2)
        files.reap(keep_days=7, keep_gb=1)
        assert {path.name for path in place.iterdir()} == {"image-01.png", "thumb-image-01.webp", "zip-new.zip"}

    def test_takes_no_set_for_the_room_of_uploads_and_downloads(self, files: RunFiles) -> None:
        """Else strangers could have other people's sets deleted."""
        mine, theirs = folder(files, "run-mine", 2), folder(files, "run-theirs", 1)
        (theirs / "set.zip").write_bytes(b"x" * 400_000)
        folder(files, "6f1c" * 16, 0, size=400_000)
        files.reap(keep_days=7, keep_gb=0.0001)
        assert (mine.exists(), theirs.exists()) == (True, True)

    def test_goes_by_the_newest_original(self, files: RunFiles) -> None:
        """Looking at a set, or downloading it, does not make it young again."""
        used, added = folder(files, "run-used", 30), folder(files, "run-added", 30)
        (used / "export.zip").write_bytes(b"new")
        (added / "image-02.png").write_bytes(b"new")
        files.reap(keep_days=7, keep_gb=1)
        assert (used.exists(), added.exists()) == (False, True)

    def test_takes_what_a_crash_left_half_deleted(self, files: RunFiles) -> None:
        left = folder(files, "gone-" + "a" * 32, 0)
        files.reap(keep_days=7, keep_gb=1)
        assert not left.exists()

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

    async def test_of_the_whole_service_leaves_what_begins_meanwhile(
        self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        runs, free_folders = runs_on(Willing(Gate(1))), Records.free_folders
        begun: list[Run] = []

        def late(records: Records) -> set[str]:
            begun.append(asyncio.run(runs.start(SequenceRequest(prompt="a fox", count=2))))
            asyncio.run(until_there(begun[0].folder))
            return free_folders(records)

        async def until_there(folder: str) -> None:
            await until(lambda: list(runs.files.folder(folder).glob("image-*")))

        monkeypatch.setattr(Records, "free_folders", late)
        await asyncio.to_thread(runs.reap, keep_days=7, keep_gb=0)
        assert list(runs.files.folder(begun[0].folder).glob("image-*"))

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


SET_GB = 4 * len(picture()) / 1e9
ANNA, BEN, NOBODY = Spender("anna-token"), Spender("ben-token"), Spender()


class TestPinnedSets:
    async def test_of_one_visitor_take_a_tenth_of_the_room(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing(), keep_gb=15 * SET_GB)
        first, second = await self._of(runs, ANNA), await self._of(runs, ANNA)
        runs.history.pin(first, pinned=True)
        runs.history.pin(first, pinned=True)
        with pytest.raises(RequestRefused, match=r"Your pinned sets may take .* GB .* Download it, or unpin another\."):
            runs.history.pin(second, pinned=True)
        runs.history.pin(await self._of(runs, BEN), pinned=True)
        runs.history.pin(first, pinned=False)
        runs.history.pin(second, pinned=True)

    async def test_of_all_take_half_and_nobody_is_told_to_unpin_what_is_not_theirs(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing(), keep_gb=11 * SET_GB)  # half of it: five
        for number in range(5):
            runs.history.pin(await self._of(runs, Spender(f"visitor-{number}")), pinned=True)
        with pytest.raises(RequestRefused, match=r"This server keeps at most .* GB of pinned sets, .*\. Download it\.$"):
            runs.history.pin(await self._of(runs, ANNA), pinned=True)

    async def test_that_are_larger_than_a_share_are_refused_as_such(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing(), keep_gb=9 * SET_GB)
        with pytest.raises(RequestRefused, match=r"this one is larger\. Download it\.$"):
            runs.history.pin(await self._of(runs, NOBODY), pinned=True)

    async def _of(self, runs: Runs, who: Spender) -> Run:
        started = await runs.start(SequenceRequest(prompt="a fox"), spender=who)
        return await runs.finish(started.id, who.visitor)
