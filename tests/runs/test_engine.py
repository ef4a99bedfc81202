"""A run belongs to the server: it is started once, followed by whoever has its id, and ends in a state that can be shown."""

import asyncio
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from seedream_ui.errors import NotConnected, ReferenceMissing, RequestRefused, RunNotFound, RunNotRecorded
from seedream_ui.request import Panel, Reference, SequenceRequest
from seedream_ui.runs import Entry, Run, Runs, Spender, engine, walk
from seedream_ui.runs.database import RUNS
from seedream_ui.runs.durable import Durable
from seedream_ui.runs.ledger import ANYBODY
from seedream_ui.runs.records import Records
from seedream_ui.runs.run import new_run
from tests.runs.conftest import MakeRuns
from tests.runs.stand_ins import Exploding, Forgetful, Gate, Losing, Willing, until

FOX = SequenceRequest(prompt="a fox", panels=(Panel(text="in spring", caption="Spring"),), count=3)


def _full(*_: object) -> None:
    raise OSError("disk full")


def _killed(*_: object) -> None:
    raise SystemError("as if the process ended here")


async def finished(runs: Runs, request: SequenceRequest = FOX) -> Run:
    return await runs.finish((await runs.start(request)).id)


class TestAStart:
    async def test_returns_at_once_with_empty_frames(self, runs_on: MakeRuns) -> None:
        run = await runs_on(Willing(Gate())).start(FOX)
        assert (run.status, run.returned) == ("running", 0)
        assert [(frame.index, frame.prompt, frame.caption) for frame in run.frames] == [
            (1, "in spring", "Spring"),
            (2, "", ""),
            (3, "", ""),
        ]

    async def test_gives_ids_that_nobody_guesses(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        started = [await runs.start(FOX) for _ in range(20)]
        secrets = {secret for run in started for secret in (run.id, run.folder.removeprefix("run-"))}
        assert len(secrets) == 40
        assert all(len(secret) == 32 for secret in secrets)  # 24 random bytes, in base64

    async def test_from_the_same_press_starts_nothing_twice(self, runs_on: MakeRuns) -> None:
        runs = runs_on(platform := Willing())
        first, second = await asyncio.gather(runs.start(FOX, "press-1"), runs.start(FOX, "press-1"))
        await runs.finish(first.id)
        third = await runs.start(FOX, "press-1")
        assert first.id == second.id == third.id
        assert third.status == "completed"
        assert platform.jobs == 1

    async def test_from_another_press_starts_another(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        assert (await runs.start(FOX, "press-1")).id != (await runs.start(FOX, "press-2")).id
        assert (await runs.start(FOX)).id != (await runs.start(FOX)).id

    async def test_refuses_before_anything_is_sent(self, runs_on: MakeRuns) -> None:
        runs = runs_on(platform := Willing())
        with pytest.raises(RequestRefused, match="nothing to draw"):
            await runs.start(SequenceRequest())
        gone = Reference(sha256="0" * 64, media_type="image/png", width=8, height=8)
        with pytest.raises(ReferenceMissing, match="“image 1” was left out: it is no longer stored on this server"):
            await runs.start(SequenceRequest(prompt="a fox", references=(gone,)))
        with pytest.raises(NotConnected, match="WaveSpeedAI is not connected yet in this version"):
            await runs.start(SequenceRequest(prompt="a fox", platform="wavespeed"))
        assert platform.jobs == 0

    async def test_that_was_refused_can_be_pressed_again(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        with pytest.raises(RequestRefused):
            await runs.start(SequenceRequest(), "press-1")
        assert (await runs.start(FOX, "press-1")).status == "running"

    async def test_whose_caller_leaves_while_it_is_recorded_is_made_all_the_same(
        self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is recorded would be made after a restart: it may as well be made at once."""
        add, comes, may = Records.add, threading.Event(), threading.Event()

        def slowly(*given: Any) -> None:
            comes.set()
            may.wait(10)
            add(*given)

        monkeypatch.setattr(Records, "add", slowly)
        runs = runs_on(Willing(gate := Gate()))
        caller = asyncio.create_task(runs.start(FOX, "press-1"))
        await asyncio.to_thread(comes.wait, 10)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        may.set()
        await until(runs._records.open)
        (run,) = runs._records.open()
        for _ in range(3):
            gate.release()
        assert (await runs.finish(run.id)).status == "completed"

    async def test_whose_recording_failed_at_the_last_moment_leaves_nothing(
        self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The database had it when the connection was lost; its caller is told that nothing was started."""
        add, asked = Records.add, threading.Event()

        def lost(*given: Any) -> None:
            add(*given)
            raise OSError("the connection is lost")

        def away(*given: Any) -> None:
            asked.set()
            raise OSError("no connection")

        monkeypatch.setattr(engine, "AGAIN_SECONDS", 0.02)
        monkeypatch.setattr(Records, "add", lost)
        runs = runs_on(platform := Willing())
        with monkeypatch.context() as for_a_while:
            for_a_while.setattr(Records, "withdraw", away)
            with pytest.raises(RunNotRecorded, match="nothing was sent and nothing was charged"):
                await runs.start(FOX, "press-1", spender=Spender("anna-token"))
            await asyncio.to_thread(asked.wait, 10)
        await until(lambda: not runs._records.open())
        assert len(runs.history.csv("anna-token").splitlines()) == 1  # the line of names
        runs_on(platform)
        assert platform.jobs == 0


class TestAFollower:
    async def test_sees_each_image_as_it_comes(self, runs_on: MakeRuns) -> None:
        gate = Gate()
        runs = runs_on(Willing(gate))
        seen = []
        async for run in runs.follow((await runs.start(FOX)).id):
            if run.returned not in seen:
                seen.append(run.returned)
                gate.release()
        assert seen == [0, 1, 2, 3]

    async def test_that_comes_late_sees_the_end(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        run = await finished(runs)
        assert [late async for late in runs.follow(run.id)] == [run]
        assert await runs.newer(run.id, run.version, 60) == run

    async def test_may_be_one_of_many(self, runs_on: MakeRuns) -> None:
        gate = Gate()
        runs = runs_on(Willing(gate))
        run = await runs.start(FOX)
        many = [asyncio.create_task(runs.finish(run.id)) for _ in range(20)]
        for _ in range(3):
            gate.release()
        assert {end.status for end in await asyncio.gather(*many)} == {"completed"}

    async def test_leaves_and_the_run_goes_on(self, runs_on: MakeRuns) -> None:
        gate = Gate()
        runs = runs_on(Willing(gate))
        run = await runs.start(FOX)
        follower = asyncio.create_task(runs.finish(run.id))
        await asyncio.sleep(0)
        follower.cancel()
        for _ in range(3):
            gate.release()
        assert (await runs.finish(run.id)).status == "completed"

    async def test_gets_the_run_as_it_is_when_there_is_no_news(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing(Gate()))
        run = await runs.start(FOX)
        started = await runs.newer(run.id, run.version, 5)
        assert await runs.newer(run.id, started.version, 0.01) == started

    async def test_of_a_run_that_nobody_drives_here_asks_now_and_then(
        self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry, asked = Records.entry, []

        def counted(records: Records, run_id: str) -> Entry | None:
            asked.append(run_id)
            return entry(records, run_id)

        runs = runs_on(Willing())
        monkeypatch.setattr(Records, "entry", counted)
        run = new_run("a" * 32, "run-" + "a" * 32, FOX)
        runs._records.add(run, "", ANYBODY)
        assert await runs.newer(run.id, run.version, 0.5) == run
        assert len(asked) < 8
        follower = asyncio.create_task(runs.finish(run.id))
        runs._records.put(run.changed(status="completed", open=False))
        assert (await follower).status == "completed"

    @pytest.mark.parametrize("wrong", ["", "x" * 32, "../../etc/passwd", "..", "é" * 32, "x" * 10_000])
    async def test_of_a_wrong_id_finds_nothing(self, runs_on: MakeRuns, wrong: str) -> None:
        runs = runs_on(Willing())
        with pytest.raises(RunNotFound, match="no longer on this server"):
            runs.find(wrong)
        with pytest.raises(RunNotFound, match="no longer on this server"):
            await runs.stop(wrong)


async def test_a_database_that_hangs_holds_up_nothing_else(runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key checks and thumbnails use the few threads that the page's loop has."""
    back = threading.Event()

    def hangs(*_: Any) -> None:
        back.wait(10)

    runs = runs_on(Willing())
    monkeypatch.setattr(Records, "entry", hangs)
    monkeypatch.setattr(Records, "pressed", hangs)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    asking = [asyncio.ensure_future(runs.found("x" * 32)) for _ in range(20)]
    asking.append(asyncio.ensure_future(runs.start(FOX, "press-1")))
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "free"), 5) == "free"
    back.set()
    *gone, started = await asyncio.gather(*asking, return_exceptions=True)
    assert all(isinstance(each, RunNotFound) for each in gone)
    assert isinstance(started, Run)


class TestAStop:
    async def test_keeps_what_was_made(self, runs_on: MakeRuns) -> None:
        gate = Gate(1)
        runs = runs_on(Willing(gate))
        started = await runs.start(FOX)
        async for run in runs.follow(started.id):
            if run.returned == 1:
                await runs.stop(run.id)
                gate.release()
        assert (run.status, run.returned, run.error) == ("cancelled", 1, None)
        assert [frame.state for frame in run.frames] == ["done", "stopped", "stopped"]

    async def test_that_comes_too_late_changes_nothing(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        run = await finished(runs)
        assert await runs.stop(run.id) == run


class TestAFailure:
    async def test_of_one_panel_leaves_the_others(self, runs_on: MakeRuns) -> None:
        run = await finished(runs_on(Losing(1)))
        assert (run.status, run.error) == ("partial", "2 of 3 images came back.")
        assert [(frame.state, frame.error) for frame in run.frames] == [
            ("done", None),
            ("failed", "It was not allowed."),
            ("done", None),
        ]

    async def test_of_all_panels_is_a_failed_run(self, runs_on: MakeRuns) -> None:
        run = await finished(runs_on(Losing(0, 1, 2)))
        assert (run.status, run.returned, run.error) == ("failed", 0, "It was not allowed.")

    @pytest.mark.parametrize(("before", "status"), [(0, "failed"), (2, "partial")])
    async def test_that_nobody_foresaw_is_shown_without_its_details(
        self, runs_on: MakeRuns, caplog: pytest.LogCaptureFixture, before: int, status: str
    ) -> None:
        with caplog.at_level(logging.ERROR):
            run = await finished(runs_on(Exploding(before)))
        assert (run.status, run.returned) == (status, before)
        assert run.frames[2].state == "failed"
        assert "Something went wrong on this server" in (run.frames[2].error or "")
        assert "secret" not in run.model_dump_json()
        assert "secret detail" in caplog.text

    async def test_of_a_platform_that_says_nothing_is_said_in_the_frame(self, runs_on: MakeRuns) -> None:
        run = await finished(runs_on(Forgetful(missing=(2,))))
        assert (run.status, run.frames[2].error) == ("partial", "This image did not come back.")

    async def test_of_an_image_that_is_none_stays_in_its_frame(self, runs_on: MakeRuns) -> None:
        run = await finished(runs_on(Forgetful(rubbish=(0,))))
        assert [frame.state for frame in run.frames] == ["failed", "done", "done"]
        assert run.frames[0].error == "This image came damaged, or there was no room to keep it."

    async def test_to_record_its_end_keeps_the_run_in_memory(self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch) -> None:
        runs = runs_on(Willing())
        monkeypatch.setattr(Records, "put", _full)
        run = await finished(runs)
        assert run.status == "completed"
        assert runs.find(run.id) == run

    async def test_to_record_it_at_all_starts_nothing(self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch) -> None:
        runs = runs_on(platform := Willing())
        monkeypatch.setattr(Records, "add", _full)
        with pytest.raises(RunNotRecorded, match="nothing was sent and nothing was charged"):
            await runs.start(FOX)
        assert platform.jobs == 0


class TestARestart:
    async def test_finds_a_finished_run_again(self, runs_on: MakeRuns) -> None:
        run = await finished(runs_on(Losing(1)))
        assert runs_on(Willing()).find(run.id) == run

    async def test_goes_on_with_a_run_and_shows_what_came_before(self, runs_on: MakeRuns) -> None:
        started = await (runs := runs_on(Willing(Gate(2)))).start(FOX)
        while runs.find(started.id).returned < 2:
            await runs.newer(started.id, runs.find(started.id).version, 1)
        again = runs_on(Willing(gate := Gate()))
        left = again.find(started.id)
        assert (left.status, left.returned, left.interrupted) == ("running", 2, True)
        for _ in range(3):
            gate.release()
        assert (await again.finish(started.id)).status == "completed"

    @pytest.mark.parametrize("damaged", [b"", bytes(600), b"no picture"])
    async def test_makes_an_image_again_that_a_power_cut_has_emptied(self, runs_on: MakeRuns, damaged: bytes) -> None:
        started = await (runs := runs_on(Willing(Gate(2)))).start(FOX)
        await until(lambda: runs.find(started.id).returned == 2)
        runs.close()
        (runs.files.folder(started.folder) / "image-01.png").write_bytes(damaged)
        again = runs_on(Willing(gate := Gate()))
        left = again.find(started.id)
        assert [frame.state for frame in left.frames if frame.state == "done"] == ["done"]
        for _ in range(3):
            gate.release()
        run = await again.finish(started.id)
        assert run.status == "completed"
        assert again.files.found(run.folder).keys() == {1, 2, 3}

    async def test_goes_on_with_a_run_that_never_began(self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Durable, "begin", _killed)
        runs = runs_on(Willing())
        started = await runs.start(FOX, "press-1")
        monkeypatch.undo()
        again = runs_on(Willing())
        assert (await again.start(FOX, "press-1")).id == started.id
        assert (await again.finish(started.id)).status == "completed"

    async def test_that_is_recorded_is_begun_as_soon_as_the_database_is_back(
        self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "AGAIN_SECONDS", 0.05)
        runs = runs_on(Willing())
        with monkeypatch.context() as away:
            away.setattr(Durable, "begin", _killed)
            run = await runs.start(FOX)
            await asyncio.sleep(0.12)
        assert (await runs.finish(run.id)).status == "completed"

    async def test_records_its_end_once_the_database_is_back(self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(walk, "PATIENCE", (0.02, 0.02))
        runs = runs_on(Willing())
        with monkeypatch.context() as away:
            away.setattr(Records, "put", _full)
            run = await finished(runs)
            assert run.open
        *_, last = [snapshot async for snapshot in runs.follow(run.id)]
        assert not last.open
        assert runs_on(Willing()).find(run.id).status == "completed"

    async def test_walks_a_run_to_its_end_whose_end_was_not_recorded(
        self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its workflow is over, its record is not."""
        runs = runs_on(Willing())
        with monkeypatch.context() as lost:
            lost.setattr(Records, "put", lambda *_, **__: None)
            run = await finished(runs)
        again = runs_on(Willing())
        assert again.find(run.id).open
        assert (await again.finish(run.id)).status == "completed"

    async def test_of_a_stop_is_kept_whatever_happens_at_that_moment(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        for _ in range(25):
            run = await runs.start(FOX)
            await runs.stop(run.id)
            end = await runs.finish(run.id)
            assert not end.open
            assert end.stopping or end.status == "completed"  # it came too late, and changed nothing
        assert not runs._records.open()

    async def test_leaves_a_record_that_cannot_be_read_alone(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing(Gate()))
        broken, other = await runs.start(FOX), await runs.start(FOX)
        with runs._database.engine.begin() as connection:
            connection.execute(RUNS.update().where(RUNS.c.id == broken.id).values(record='{"id": "x'))
        again = runs_on(Willing())
        assert (await again.finish(other.id)).status == "completed"

    async def test_remembers_a_press_even_if_its_set_was_deleted(self, runs_on: MakeRuns) -> None:
        runs = runs_on(platform := Willing())
        run = await runs.finish((await runs.start(FOX, "press-1")).id)
        await runs.delete(run.id)
        with pytest.raises(RunNotFound):
            await runs_on(platform).start(FOX, "press-1")
        assert platform.jobs == 1

    async def test_does_not_go_on_with_what_was_stopped(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing(Gate()))
        run = await runs.start(FOX)
        await runs.stop(run.id)
        again = runs_on(Willing(Gate()))
        assert (await again.finish(run.id)).status == "cancelled"

    async def test_does_not_find_a_run_whose_images_were_cleaned_up(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        run = await finished(runs)
        runs.reap(keep_days=7, keep_gb=0)
        with pytest.raises(RunNotFound):
            runs.find(run.id)

    async def test_finds_whatever_anybody_saw_finished(self, runs_on: MakeRuns) -> None:
        runs = runs_on(Willing())
        async for run in runs.follow((await runs.start(FOX)).id):
            if run.finished:
                assert runs_on(Willing()).find(run.id) == run


class TestARecord:
    FIELDS = (
        "run_id status platform model prompt_sent width height requested returned cost_usd cost_is credits seconds error panels"
    )
    PANEL_FIELDS = "index prompt file width height sha256 flagged error"

    async def test_has_every_field_that_programs_are_promised(self, runs_on: MakeRuns) -> None:
        record = json.loads(json.dumps((await finished(runs_on(Losing(1)))).record()))
        assert set(self.FIELDS.split()) <= record.keys()
        assert all(set(self.PANEL_FIELDS.split()) <= panel.keys() for panel in record["panels"])
        assert [panel["index"] for panel in record["panels"]] == [1, 2, 3]
        assert [panel["file"] for panel in record["panels"]] == ["image-01.png", None, "image-03.png"]
        assert (record["status"], record["requested"], record["returned"]) == ("partial", 3, 2)
        assert (record["cost_usd"], record["cost_is"], record["model"]) == (0, "charged", "sketch")

    async def test_tells_no_path_of_the_server(self, runs_on: MakeRuns, tmp_path: Path) -> None:
        run = await finished(runs_on(Willing()))
        told = json.dumps(run.record())
        assert str(tmp_path) not in told
        assert run.folder not in told

    async def test_joins_the_prompts_of_independent_images(self, runs_on: MakeRuns) -> None:
        run = await finished(runs_on(Willing()), FOX.model_copy(update={"sequence": False}))
        assert len(run.prompts) == 3
        assert run.record()["prompt_sent"] == "\n\n---\n\n".join(run.prompts)
