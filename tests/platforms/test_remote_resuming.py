"""What outlives a restart and a lost answer: no paid job is lost, and none is sent twice."""

import asyncio
from decimal import Decimal

import pytest

from seedream_ui.errors import KeyRefused
from seedream_ui.platforms.base import Filed, JobState
from seedream_ui.platforms.http import Door
from seedream_ui.secret import Secret
from tests.emulators.faults import Delay, Fault, Reset, html
from tests.emulators.wavespeed_jobs import Script
from tests.platforms.remote_driving import Outcome, Studio, heard, request_of


async def stopped_at(studio: Studio, state: str, count: int = 2) -> list[JobState]:
    """The states that were recorded when the server died, which it did as soon as one was `state`."""
    recorded: dict[int, JobState] = {}
    events = studio.remote.make(studio.job(request_of(count)))
    async for event in events:
        if isinstance(event, Filed):
            recorded[event.job.number] = event.job
            if event.job.state == state:
                break
    await events.aclose()  # type: ignore[attr-defined]
    return list(recorded.values())


async def reborn(studio: Studio, states: list[JobState], count: int = 2) -> Outcome:
    studio.remote = studio.driver()
    return await studio.resume(studio.job(request_of(count)), states)


async def test_a_running_job_is_followed_after_a_restart(studio: Studio) -> None:
    release = studio.emulator.hold()
    states = await stopped_at(studio, "running")
    release.set()
    outcome = await reborn(studio, states)
    assert set(outcome.pictures) == {0, 1}
    assert studio.emulator.journal.count("submit") == 1


async def test_images_of_a_finished_job_are_fetched_after_a_restart(studio: Studio) -> None:
    outcome = await reborn(studio, await stopped_at(studio, "done"))
    assert set(outcome.pictures) == {0, 1}
    assert studio.emulator.journal.count("submit") == 1


async def test_an_intent_that_was_not_sent_is_looked_for_and_not_sent(studio: Studio) -> None:
    outcome = await reborn(studio, await stopped_at(studio, "intended"))
    assert outcome.last[0].state == "unknown"
    assert studio.emulator.journal.count("submit") == 0


async def test_an_intent_that_was_sent_is_found(studio: Studio) -> None:
    intended = (await studio.make(request_of(2))).filed[0]
    outcome = await reborn(studio, [intended])
    assert set(outcome.pictures) == {0, 1}
    assert studio.emulator.journal.count("submit") == 1


async def test_a_failed_job_stays_failed_and_jobs_without_a_state_are_sent(studio: Studio) -> None:
    given = request_of(2, sequence=False)
    failed = (
        (await studio.make(given)).filed[0].model_copy(update={"state": "failed", "error": "It failed. Nothing was charged."})
    )
    studio.emulator.journal.requests.clear()
    outcome = await studio.resume(studio.job(given), [failed.model_copy(update={"number": 0, "frames": (0,)})])
    assert set(outcome.pictures) == {1}
    assert outcome.lost == {0: "It failed. Nothing was charged."}
    assert studio.emulator.journal.count("submit") == 1


async def test_an_unknown_job_that_landed_later_is_found_by_looking_again(studio: Studio) -> None:
    studio.emulator.clock.scale = 0
    studio.emulator.script(Script(late=1000))
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    unknown = (await studio.make(request_of(2))).last[0]
    assert unknown.state == "unknown"
    given = request_of(2)
    still = await studio.look_again(given, [unknown], 0, 1)
    assert not still.pictures
    assert all("unknown whether" in reason for reason in still.lost.values())
    studio.emulator.clock.advance(1000)
    assert set((await studio.look_again(given, [unknown], 0, 1)).pictures) == {0, 1}
    assert studio.emulator.journal.count("submit") == 1


async def test_looking_again_fetches_what_could_not_be_fetched_and_sends_nothing(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("output", html(500), path="/2.jpeg", times=4))
    given = request_of(4)
    outcome = await studio.make(given)
    assert set(outcome.lost) == {1}
    assert set((await studio.look_again(given, [outcome.last[0]], 1)).pictures) == {1}
    assert studio.emulator.journal.count("submit") == 1


async def test_looking_again_keeps_the_platforms_word_on_the_charge(studio: Studio) -> None:
    studio.emulator.discount = Decimal("0.25")
    studio.emulator.faults.push(Fault("output", html(500), path="/1.jpeg", times=4))
    outcome = await studio.make(request_of(2))
    charged = (outcome.last[0].charged_usd, outcome.last[0].charge_is)
    assert charged == (Decimal("0.0405"), "platform")
    studio.emulator.faults.push(Fault("billings", html(500), times=None))
    again = await studio.look_again(request_of(2), list(outcome.last.values()), 0)
    assert set(again.pictures) == {0}
    assert (again.last[0].charged_usd, again.last[0].charge_is) == charged


async def test_looking_again_never_sends_what_was_not_sent(studio: Studio) -> None:
    given = request_of(3, sequence=False)
    first = (await studio.make(given)).last[0]
    studio.emulator.journal.requests.clear()
    outcome = await studio.look_again(given, [first], 1, 2)
    assert not outcome.events
    assert not studio.emulator.journal.requests


async def test_a_lost_job_does_not_take_its_doubles_prediction(studio: Studio) -> None:
    """One press lands and is answered late; the other, alike, is lost before it lands. Each prediction belongs to one."""
    studio.emulator.faults.push(Fault("submit", Delay(0.5)), Fault("submit", Reset()))
    first = asyncio.create_task(studio.make(request_of(2)))
    await asyncio.to_thread(studio.emulator.journal.wait_for, "submit")
    second = await studio.make(request_of(2))
    assert set((await first).pictures) == {0, 1}
    assert second.last[0].state == "unknown"


async def lost_and_made(studio: Studio) -> tuple[JobState, JobState]:
    """A job that was lost and never taken, and one of the same words that was made for somebody else; then the server died."""
    studio.emulator.faults.push(Fault("submit", html(502)))
    unknown = (await studio.make(request_of(2))).last[0]
    made = (await studio.make(request_of(2))).last[0]
    studio.remote = studio.driver()
    return unknown, made


async def test_a_lost_job_does_not_take_what_belongs_to_an_ended_set_after_a_restart(studio: Studio) -> None:
    unknown, made = await lost_and_made(studio)
    studio.remote.claim([made.prediction_id or ""])
    assert not (await studio.look_again(request_of(2), [unknown], 0, 1)).pictures
    assert set((await studio.look_again(request_of(2), [made], 0, 1)).pictures) == {0, 1}


@pytest.mark.parametrize("how", ["resume", "look_again"])
async def test_a_job_that_is_taken_up_is_taken_from_the_first_moment(studio: Studio, how: str) -> None:
    unknown, made = await lost_and_made(studio)
    job = studio.job(request_of(2))
    _ = studio.remote.resume(job, [made]) if how == "resume" else studio.remote.look_again(job, [made], {0})
    assert not (await studio.look_again(request_of(2), [unknown], 0, 1)).pictures


async def test_more_such_jobs_than_were_lost_are_no_clear_match(studio: Studio) -> None:
    other = Studio(studio.emulator, studio.store.root)
    await other.make(request_of(2))  # another process, at the same moment, with the same words
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].state == "unknown"


@pytest.mark.parametrize("ahead", [0, 100, -100])
async def test_an_older_job_of_the_same_words_is_not_mistaken_for_the_lost_one(studio: Studio, ahead: float) -> None:
    await Studio(studio.emulator, studio.store.root).make(request_of(2))
    studio.clock.set_by(-ahead)
    studio.clock.seconds += 60
    studio.emulator.clock.advance(60)
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].prediction_id == studio.emulator.jobs[1].id


# ------------------------------------------------------------------------------------------------------------------ clocks
@pytest.mark.parametrize("wrong_by", [3600, 60, -60, -3600])
@pytest.mark.parametrize("when", ["at once", "after a restart"])
async def test_a_lost_job_is_found_though_our_clock_was_set_right_since(studio: Studio, wrong_by: float, when: str) -> None:
    studio.clock.set_by(wrong_by)
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    events, outcome = studio.remote.make(studio.job(request_of(2))), Outcome()
    async for event in events:
        outcome.events.append(event)
        if any("answer of WaveSpeedAI was lost" in sentence for sentence in outcome.told):
            studio.clock.set_by(-wrong_by)
            break
    if when == "after a restart":
        await events.aclose()  # type: ignore[attr-defined]
        studio.door = Door(clock=studio.clock)
        outcome = await reborn(studio, outcome.filed)
    else:
        outcome = await heard(events)
    assert set(outcome.pictures) == {0, 1}
    assert outcome.last[0].clock_ahead == pytest.approx(-wrong_by, abs=2)
    assert studio.emulator.journal.count("submit") == 1


@pytest.mark.parametrize("wrong_by", [100, 0, -100])
@pytest.mark.parametrize("known", ["never", "now"])
async def test_a_lost_job_is_found_where_the_platforms_clock_was_not_known_when_it_was_sent(
    studio: Studio, wrong_by: float, known: str
) -> None:
    studio.emulator.tells_time = False
    studio.clock.set_by(min(wrong_by, 0) if known == "never" else wrong_by)
    intended = (await studio.make(request_of(2))).filed[0]
    assert intended.clock_ahead is None
    studio.emulator.tells_time = known == "now"
    assert set((await reborn(studio, [intended])).pictures) == {0, 1}


async def test_the_platforms_clock_is_asked_for_once(studio: Studio) -> None:
    await studio.make(request_of(2))
    await studio.make(request_of(2))
    assert studio.emulator.journal.count("balance") == 1
    assert (await studio.make(request_of(2), key=Secret("wrong"))).lost[0] == str(KeyRefused("WaveSpeedAI"))
