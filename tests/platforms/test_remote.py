"""Sets made at WaveSpeedAI's emulator: what is sent, how often it is asked after, and what outlives a restart."""

import asyncio
import base64
import logging
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from seedream_ui.errors import KeyMissing, KeyRefused, NotAnswering
from seedream_ui.platforms.base import Filed, JobState, Lost, Picture
from seedream_ui.platforms.remote import Limits, Usual
from seedream_ui.request import ExactSize, Panel
from seedream_ui.secret import Secret
from tests.emulators.faults import Answer, Delay, Fault, Reset, html
from tests.emulators.pictures import colour_of, colours_in
from tests.emulators.wavespeed import WaveSpeed as Emulator
from tests.emulators.wavespeed_jobs import Script
from tests.platforms.remote_driving import Outcome, Stop, Studio, request_of

ALL = {0, 1, 2, 3}


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Emulator() as emulator:
        yield Studio(emulator, tmp_path)


# ------------------------------------------------------------------------------------------------------------ what is sent
async def test_a_sequence_is_one_job_and_all_its_images_come(studio: Studio) -> None:
    outcome = await studio.make(request_of(4))
    assert set(outcome.pictures) == ALL
    assert not outcome.lost
    assert studio.emulator.journal.count("submit") == 1
    assert outcome.states == ["intended", "running", "done", "done"]
    assert outcome.charged == Decimal("0.108") == studio.emulator.owner.charged
    assert outcome.last[0].charge_is == "platform"


async def test_each_image_is_in_its_own_frame(studio: Studio) -> None:
    outcome = await studio.make(request_of(4))
    (job,) = studio.emulator.jobs
    for index, picture in outcome.pictures.items():
        own, _ = colours_in(picture.data)
        assert all(abs(seen - sent) < 8 for seen, sent in zip(own, colour_of(f"{job.id}/{index}"), strict=True))


async def test_without_seq_each_image_is_a_job_of_its_own_words(studio: Studio) -> None:
    panels = tuple(Panel(text=text) for text in ("in spring", "in autumn", "in winter"))
    outcome = await studio.make(request_of(3, sequence=False, panels=panels))
    assert set(outcome.pictures) == {0, 1, 2}
    bodies = [request.json for request in studio.emulator.journal.of("submit")]
    assert all("max_images" not in body and body["size"] == "1024*1024" for body in bodies)
    assert {state.number: state.frames for state in outcome.filed} == {0: (0,), 1: (1,), 2: (2,)}
    for index, picture in outcome.pictures.items():
        prompt = next(body["prompt"] for body in bodies if panels[index].text in body["prompt"])
        _, seen = colours_in(picture.data)
        assert all(abs(one - other) < 8 for one, other in zip(seen, colour_of(prompt), strict=True))


@pytest.mark.parametrize(
    ("model", "count", "sequence", "references", "endpoint"),
    [
        ("seedream-v4", 4, True, 0, "bytedance/seedream-v4/sequential"),
        ("seedream-v4.5", 4, True, 1, "bytedance/seedream-v4.5/edit-sequential"),
        ("seedream-v5.0-lite", 1, True, 0, "bytedance/seedream-v5.0-lite"),
        ("seedream-v4", 2, False, 1, "bytedance/seedream-v4/edit"),
    ],
)
async def test_the_endpoint_follows_the_request(
    studio: Studio, model: str, count: int, sequence: bool, references: int, endpoint: str
) -> None:
    given = tuple(studio.reference() for _ in range(references))
    size = ExactSize(width=2048, height=2048)
    outcome = await studio.make(request_of(count, model=model, sequence=sequence, references=given, size=size))
    assert len(outcome.pictures) == count
    assert {job.model for job in studio.emulator.jobs} == {endpoint}


async def test_the_state_is_taken_in_before_the_job_is_sent(studio: Studio) -> None:
    async for event in studio.remote.make(studio.job(request_of(2))):
        if isinstance(event, Filed) and event.job.state == "intended":
            await asyncio.sleep(0.1)
            assert studio.emulator.journal.count("submit") == 0
    assert studio.emulator.journal.count("submit") == 1


async def test_a_states_record_is_json_without_key_or_prompt(studio: Studio) -> None:
    outcome = await studio.make(request_of(2))
    for state in outcome.filed:
        written = state.model_dump_json()
        assert JobState.model_validate_json(written) == state
        assert studio.emulator.key not in written
        assert "kettle" not in written
    done = outcome.last[0]
    assert done.prediction_id == studio.emulator.jobs[0].id
    assert done.outputs is not None
    assert len(done.outputs) == 2
    assert done.price_usd == Decimal("0.054")


# -------------------------------------------------------------------------------------------------------------- references
async def test_references_are_brought_once_and_used_again(studio: Studio) -> None:
    teal, red = studio.reference("teal"), studio.reference("red", "image/png")
    outcome = await studio.make(request_of(2, references=(teal, red, teal)))
    assert "Uploading 2 reference images." in outcome.told
    await studio.make(request_of(2, references=(red,)))
    assert set(studio.emulator.uploads.counts.values()) == {1}
    first, second = (request.json["images"] for request in studio.emulator.journal.of("submit"))
    assert first[0] == first[2] != first[1] == second[0]


async def test_references_are_brought_again_when_the_platform_no_longer_keeps_them(studio: Studio) -> None:
    teal = studio.reference()
    await studio.make(request_of(2, references=(teal,)))
    studio.clock.seconds += 7 * 86_400 - 3600
    await studio.make(request_of(2, references=(teal,)))
    assert studio.emulator.journal.count("upload_put") == 2


async def test_references_go_the_older_way_where_there_are_no_tickets(studio: Studio) -> None:
    studio.emulator.rules.ticket_uploads = False
    outcome = await studio.make(request_of(2, references=(studio.reference(),)))
    assert set(outcome.pictures) == {0, 1}
    assert studio.emulator.journal.count("upload_binary") == 1


async def test_an_upload_that_stumbles_is_tried_again(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("upload_ticket", html(502)), Fault("upload_put", Reset()))
    outcome = await studio.make(request_of(2, references=(studio.reference(),)))
    assert set(outcome.pictures) == {0, 1}


async def test_an_upload_that_fails_sends_nothing(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("upload_ticket", html(502), times=None))
    outcome = await studio.make(request_of(2, references=(studio.reference(),)))
    assert set(outcome.lost.values()) == {str(NotAnswering("WaveSpeedAI"))}
    assert (outcome.states, outcome.charged) == (["failed"], 0)
    assert studio.emulator.journal.count("submit") == 0
    assert set((await studio.resume(studio.job(request_of(2)), outcome.filed)).lost) == {0, 1}
    assert studio.emulator.journal.count("submit") == 0


async def test_a_reference_that_the_platform_cannot_read_is_brought_anew_next_time(studio: Studio) -> None:
    given = request_of(2, references=(studio.reference(),))
    studio.emulator.script(Script(status="failed", code=1402))
    await studio.make(given)
    await studio.make(given)
    assert studio.emulator.journal.count("upload_put") == 2


# --------------------------------------------------------------------------------------------------------------------- keys
async def test_a_wrong_key_is_said_before_a_picture_is_brought(studio: Studio) -> None:
    job = studio.job(request_of(2, references=(studio.reference(),)), key=Secret("wrong"))
    outcome = await studio.resume(job, ())
    assert set(outcome.lost.values()) == {str(KeyRefused("WaveSpeedAI"))}
    assert studio.emulator.journal.count("upload_put", "upload_binary", "submit") == 0


async def test_without_a_key_nothing_is_sent(studio: Studio) -> None:
    outcome = await studio.make(request_of(2), key=Secret(""))
    assert set(outcome.lost.values()) == {str(KeyMissing("WaveSpeedAI"))}
    assert not studio.emulator.journal.requests


async def test_without_a_key_a_job_that_was_sent_is_not_called_free(studio: Studio) -> None:
    done = (await studio.make(request_of(2))).last[0]
    outcome = await studio.resume(studio.job(request_of(2), key=Secret("")), [done])
    assert all("key is needed again" in reason and "charged" in reason for reason in outcome.lost.values())
    assert not outcome.filed


async def test_a_refused_key_is_not_tried_for_every_image(studio: Studio) -> None:
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=1000))
    outcome = await studio.make(request_of(6, sequence=False), key=Secret("wrong"))
    assert set(outcome.lost.values()) == {str(KeyRefused("WaveSpeedAI"))}
    assert studio.emulator.journal.count("submit") == 1


async def test_the_key_goes_to_the_platform_alone_and_into_no_log(studio: Studio, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)), Fault("poll", html(500)))
    outcome = await studio.make(request_of(2, references=(studio.reference(),)))
    assert set(outcome.pictures) == {0, 1}
    assert not studio.emulator.journal.leaks
    key = studio.emulator.key
    for form in (key, *(base64.b64encode(b"\0" * shift + key.encode())[4:20].decode() for shift in range(3))):
        assert form not in caplog.text
    assert "signature=" not in caplog.text
    assert key not in repr(outcome.events)


# ------------------------------------------------------------------------------------------------------------------- turns
async def test_singles_keep_to_the_accounts_limits(studio: Studio) -> None:
    studio.emulator.account(studio.emulator.key, level="bronze")
    studio.emulator.duration = 20
    studio.emulator.clock.scale = 0
    studio.remote = studio.driver(limits=Limits())
    outcome = await studio.make(request_of(15, sequence=False))
    assert len(outcome.pictures) == 15
    assert len(studio.emulator.jobs) == studio.emulator.journal.count("submit") == 15  # not one of them was refused
    assert any("Waiting for a turn" in sentence for sentence in outcome.told)


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


# ------------------------------------------------------------------------------------------------- restarts and lost answers
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


async def test_more_such_jobs_than_were_lost_are_no_clear_match(studio: Studio) -> None:
    other = Studio(studio.emulator, studio.store.root)
    await other.make(request_of(2))  # another process, at the same moment, with the same words
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].state == "unknown"


async def test_an_older_job_of_the_same_words_is_not_mistaken_for_the_lost_one(studio: Studio) -> None:
    await Studio(studio.emulator, studio.store.root).make(request_of(2))
    studio.clock.seconds += 60
    studio.emulator.clock.advance(60)
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].prediction_id == studio.emulator.jobs[1].id


async def test_a_job_that_the_platform_forgets_is_not_asked_after_for_ever(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("poll", Answer(404, {"code": 404, "message": "prediction not found"}), times=None))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].state == "failed"
    assert all("no longer knows this job. Whether it was charged" in reason for reason in outcome.lost.values())
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


# ------------------------------------------------------------------------------------------------------------------- money
async def test_the_account_is_asked(studio: Studio) -> None:
    studio.emulator.discount = Decimal("0.1")
    assert await studio.remote.balance(studio.key) == 100
    assert await studio.remote.live_price(studio.key, request_of(4)) == Decimal("0.0972")
    assert await studio.remote.live_price(studio.key, request_of(3, sequence=False)) == Decimal("0.0729")
    outcome = await studio.make(request_of(4))
    assert outcome.charged == Decimal("0.0972")
    prediction = outcome.last[0].prediction_id or ""
    assert await studio.remote.charges(studio.key, [prediction]) == {prediction: Decimal("0.0972")}
    with pytest.raises(KeyRefused):
        await studio.remote.check_key(Secret("wrong"))
    with pytest.raises(KeyMissing):
        await studio.remote.balance(Secret(" "))


async def test_without_the_platforms_word_the_rule_counts(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("billings", html(500), times=None))
    outcome = await studio.make(request_of(4))
    assert (outcome.charged, outcome.last[0].charge_is) == (Decimal("0.108"), "rule")


async def test_limits_that_the_platform_changed_are_told(studio: Studio) -> None:
    assert await studio.remote.live_limits(studio.key) == ()
    group = studio.emulator.models["bytedance/seedream-v4/edit-sequential"]
    group.max_images, group.references, group.price = 10, 8, Decimal("0.03")
    del studio.emulator.models["bytedance/seedream-v4.5"]
    told = await studio.remote.live_limits(studio.key)
    assert len(told) == 4
    assert any("max_images has the maximum 10 at WaveSpeedAI; here it is 15" in sentence for sentence in told)


# ----------------------------------------------------------------------------------------------------------- event loops
def test_programs_may_run_one_loop_after_another(studio: Studio) -> None:
    for _ in range(3):
        outcome = asyncio.run(studio.make(request_of(2)))
        assert len([event for event in outcome.events if isinstance(event, Picture)]) == 2
        assert not [event for event in outcome.events if isinstance(event, Lost)]
