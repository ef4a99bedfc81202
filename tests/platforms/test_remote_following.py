"""Jobs at WaveSpeedAI's emulator, followed to their end: how often they are asked after, and how they come home."""

import threading
from collections.abc import Callable

import pytest

from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import HttpCall
from seedream_ui.platforms.remote import Limits, Remote, Usual
from seedream_ui.platforms.wavespeed import WaveSpeed
from tests.emulators.faults import Answer, Fault, html
from tests.emulators.wavespeed_jobs import Script
from tests.platforms.remote_driving import UNLIMITED, Outcome, Stop, Studio, request_of
from tests.platforms.test_remote_resuming import stopped_at


# -------------------------------------------------------------------------------------------------------------------- pace
@pytest.mark.parametrize(("usual", "fewest", "most"), [(Usual(70.0), 35, 40), (None, 37, 41)])
async def test_a_job_of_seventy_seconds_takes_few_questions(studio: Studio, usual: Usual | None, fewest: int, most: int) -> None:
    studio.emulator.clock.scale = 0
    studio.emulator.script(Script(duration=70))
    studio.remote = studio.driver(usual=usual)
    await studio.make(request_of(4))
    assert fewest <= studio.emulator.journal.count("poll") <= most
    assert 70 <= studio.clock.seconds <= 72


async def test_times_are_told(studio: Studio) -> None:
    studio.emulator.clock.scale = 0
    studio.emulator.script(Script(duration=8, queued=4))
    done = (await studio.make(request_of(2))).last[0]
    assert done.inference_seconds == pytest.approx(8, abs=0.5)
    assert done.queue_seconds == pytest.approx(4, abs=2)
    assert done.created_at
    assert done.submitted_at


# ------------------------------------------------------------------------------------------------------------------- stops
async def test_a_stop_leaves_what_is_paid_running_and_sends_no_more(studio: Studio) -> None:
    stop, held = Stop(), [studio.emulator.hold() for _ in range(2)]
    studio.remote = studio.driver(limits=Limits(concurrent=2, images_per_minute=1000))
    outcome = Outcome()
    async for event in studio.remote.make(studio.job(request_of(6, sequence=False), stop)):
        outcome.events.append(event)
        if len(outcome.started) == 2 and not stop.pressed:
            stop.pressed = True
            threading.Timer(0.5, lambda: [event.set() for event in held]).start()
    assert len(outcome.pictures) == 2 == len(studio.emulator.jobs)
    assert not outcome.lost


class AskedOften:
    """A stop that comes between two looks: the first so many times it has not been pressed yet."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self) -> bool:
        self._left -= 1
        return self._left < 0


@pytest.mark.parametrize("times", range(5))
async def test_a_stop_before_anything_has_begun_ends_the_set_unsent(studio: Studio, times: int) -> None:
    outcome = await studio.make(request_of(1, sequence=False), stop=AskedOften(times))
    assert len(outcome.pictures) == studio.emulator.journal.count("submit") < 2
    assert not outcome.lost


@pytest.mark.parametrize("times", range(5))
async def test_a_stop_as_a_set_goes_on_leaves_its_paid_job_to_be_followed(studio: Studio, times: int) -> None:
    given, release = request_of(4, sequence=False), studio.emulator.hold()
    states = [state.model_copy(update={"number": 1, "frames": (1,)}) for state in await stopped_at(studio, "running", 1)]
    release.set()
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=1000))
    outcome = await studio.resume(studio.job(given, AskedOften(times)), states)
    assert 1 in outcome.pictures
    assert len(outcome.pictures) == studio.emulator.journal.count("submit")
    assert not outcome.lost


async def test_a_stop_while_the_platform_is_busy_sends_nothing_more(studio: Studio) -> None:
    stop = Stop()
    studio.emulator.faults.push(Fault("submit", Answer(429, {}), times=None))
    outcome = Outcome()
    async for event in studio.remote.make(studio.job(request_of(2), stop)):
        outcome.events.append(event)
        stop.pressed = stop.pressed or any("busy" in sentence for sentence in outcome.told)
    assert outcome.last[0].state == "failed"
    assert outcome.charged == 0
    assert studio.emulator.journal.count("submit") < 3


class Cancellable(WaveSpeed):
    """WaveSpeedAI, if it took its deleting of a prediction for a cancel."""

    def cancellation(self, state: JobState) -> HttpCall | None:
        return HttpCall("POST", "/api/v3/predictions/delete", {"ids": [state.prediction_id]})


async def stopped_when_taken(studio: Studio, each: Callable[[Outcome], object] = lambda outcome: None) -> Outcome:
    """A set at a platform that knows a cancel; it is stopped when its job is taken. `each` is called after every event."""
    studio.remote = Remote(Cancellable(), studio.emulator.url, studio.door, UNLIMITED, lambda state: None)
    stop, outcome = Stop(), Outcome()
    async for event in studio.remote.make(studio.job(request_of(2), stop)):
        outcome.events.append(event)
        stop.pressed = bool(outcome.started)
        each(outcome)
    return outcome


async def test_a_stop_is_passed_on_once_to_a_platform_that_knows_a_cancel(studio: Studio) -> None:
    studio.emulator.hold()
    outcome = await stopped_when_taken(studio)
    assert studio.emulator.journal.count("delete") == 1
    assert any("was asked to give up what it has taken" in sentence for sentence in outcome.told)
    assert outcome.states[-1] == outcome.last[0].state == "failed"
    assert outcome.charged == studio.emulator.owner.charged  # by the platform's word, whatever that is
    assert all("deleted at the platform. Whether it was charged shows" in reason for reason in outcome.lost.values())


async def test_a_job_that_could_not_be_cancelled_is_followed_to_its_images(studio: Studio) -> None:
    release = studio.emulator.hold()
    studio.emulator.faults.push(Fault("delete", html(502)))
    refused = lambda outcome: any("could not be asked" in sentence for sentence in outcome.told)  # noqa: E731
    outcome = await stopped_when_taken(studio, lambda outcome: refused(outcome) and release.set())
    assert set(outcome.pictures) == {0, 1}
    assert studio.emulator.journal.count("delete") == 1


async def test_a_run_that_nobody_stops_cancels_nothing(studio: Studio) -> None:
    studio.remote = Remote(Cancellable(), studio.emulator.url, studio.door, UNLIMITED, lambda state: None)
    assert set((await studio.make(request_of(2))).pictures) == {0, 1}
    assert studio.emulator.journal.count("delete") == 0


# ----------------------------------------------------------------------------------------------- what happens on the way
async def test_a_job_that_the_platform_forgets_is_not_asked_after_for_ever(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("poll", Answer(404, {"code": 404, "message": "prediction not found"}), times=None))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].state == "unknown"
    assert all(
        "no longer knows this job, which it had taken. Whether it was charged" in reason for reason in outcome.lost.values()
    )
    assert len(studio.emulator.jobs) == 1


async def test_a_key_that_is_withdrawn_while_a_paid_job_runs(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("poll", Answer(401, {"code": 401}), times=1))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].state == "running"
    assert all("no longer accepts this key" in reason and "may be charged" in reason for reason in outcome.lost.values())
    again = await studio.resume(studio.job(request_of(2)), [outcome.last[0]])
    assert set(again.pictures) == {0, 1}
    assert len(studio.emulator.jobs) == 1


async def test_a_platform_that_is_away_for_a_quarter_of_an_hour(studio: Studio) -> None:
    release = studio.emulator.hold()
    away = studio.emulator.refusing()
    back = lambda: (away.__exit__(None, None, None), release.set())  # noqa: E731
    studio.clock.when += [(5, away.__enter__), (900, back)]
    outcome = await studio.make(request_of(2))
    assert set(outcome.pictures) == {0, 1}
    assert any("does not answer right now" in sentence for sentence in outcome.told)


# ----------------------------------------------------------------------------------------------------- options for programs
@pytest.mark.parametrize("form", ["bare", "data-uri", "object"])
async def test_images_inside_the_reply(studio: Studio, form: str) -> None:
    studio.emulator.rules.base64_as = form
    outcome = await studio.make(request_of(2, options={"enable_base64_output": True}))
    assert set(outcome.pictures) == {0, 1}
    assert outcome.last[0].outputs == (None, None)
    assert studio.emulator.journal.count("output") == 0


async def test_outputs_as_objects(studio: Studio) -> None:
    studio.emulator.rules.outputs_as = "object"
    assert set((await studio.make(request_of(2))).pictures) == {0, 1}


async def test_sync_mode_needs_no_questions(studio: Studio) -> None:
    outcome = await studio.make(request_of(2, options={"enable_sync_mode": True}))
    assert set(outcome.pictures) == {0, 1}
    assert studio.emulator.journal.count("poll") == 0


async def test_sync_mode_that_runs_out_is_followed_by_its_id(studio: Studio) -> None:
    studio.emulator.rules.sync_seconds = 0.1
    studio.emulator.script(Script(duration=2))
    outcome = await studio.make(request_of(2, options={"enable_sync_mode": True}))
    assert set(outcome.pictures) == {0, 1}
    assert len(studio.emulator.jobs) == 1


async def test_a_sync_answer_that_is_lost_is_looked_for(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("submit", html(504, processed=True)))
    outcome = await studio.make(request_of(2, options={"enable_sync_mode": True}))
    assert set(outcome.pictures) == {0, 1}
    assert len(studio.emulator.jobs) == 1
