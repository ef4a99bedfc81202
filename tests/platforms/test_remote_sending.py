"""Sets made at WaveSpeedAI's emulator: what is sent, with which key, and what it costs."""

import asyncio
import base64
import logging
from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.errors import KeyMissing, KeyRefused, NotAnswering
from seedream_ui.platforms.base import Filed, JobState, Lost, Picture
from seedream_ui.platforms.remote import Limits
from seedream_ui.request import ExactSize, Panel
from seedream_ui.secret import Secret
from tests.emulators.faults import Answer, Fault, Reset, Silence, html
from tests.emulators.pictures import colour_of, colours_in
from tests.emulators.wavespeed_jobs import Script
from tests.platforms.remote_driving import Outcome, Studio, request_of

ALL = {0, 1, 2, 3}


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


async def test_a_job_that_could_not_be_recorded_is_not_sent_and_fails_alone(studio: Studio) -> None:
    outcome = Outcome()
    async for event in studio.remote.make(studio.job(request_of(4, sequence=False))):
        outcome.events.append(event)
        if isinstance(event, Filed) and (event.job.number, event.job.state) == (2, "intended"):
            assert event.refused
            event.refused()
    assert set(outcome.pictures) == {0, 1, 3}
    assert set(outcome.lost) == {2}
    assert "could not record the job, so it was not sent and nothing was charged" in outcome.lost[2]
    assert (outcome.last[2].state, outcome.last[2].charged_usd, outcome.last[2].submitted_at) == ("failed", 0, None)
    assert studio.emulator.journal.count("submit") == 3


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


@pytest.mark.parametrize("minute", [1, 1000])
async def test_after_a_refused_key_no_image_waits_for_its_turn_to_be_told(studio: Studio, minute: int) -> None:
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=minute))
    outcome = await studio.make(request_of(6, sequence=False), key=Secret("wrong"))
    assert outcome.lost == dict.fromkeys(range(6), str(KeyRefused("WaveSpeedAI")))
    assert {number: state.state for number, state in outcome.last.items()} == dict.fromkeys(range(6), "failed")
    assert outcome.charged == 0
    assert studio.clock.seconds < 60


async def test_after_a_refused_key_a_job_that_waits_to_be_sent_again_ends_too(studio: Studio) -> None:
    """The first image's job is told to wait; then the second's is refused."""
    studio.remote = studio.driver(limits=Limits(concurrent=2, images_per_minute=1000))
    studio.emulator.faults.push(Fault("submit", Answer(429, {"code": 429}, {"Retry-After": "50"})))
    studio.emulator.faults.push(Fault("submit", Answer(401, {"code": 401})))
    outcome = await studio.make(request_of(2, sequence=False))
    assert outcome.lost == dict.fromkeys(range(2), str(KeyRefused("WaveSpeedAI")))
    assert {state.error for state in outcome.last.values()} == {str(KeyRefused("WaveSpeedAI"))}
    assert studio.emulator.journal.count("submit") == 2


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


async def test_a_lost_job_whose_prompt_names_the_key_is_found(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    outcome = await studio.make(request_of(2, prompt=f"a kettle that says {studio.key.reveal()}"))
    assert set(outcome.pictures) == {0, 1}


async def test_a_job_that_fails_with_the_key_in_its_words_does_not_tell_it(studio: Studio) -> None:
    studio.emulator.script(Script(status="failed", error=f"no good: {studio.key.reveal()}"))
    outcome = await studio.make(request_of(2))
    assert "no good: •••" in outcome.lost[0]
    assert studio.key.reveal() not in repr(outcome.events)


# ------------------------------------------------------------------------------------------------------------------- money
async def test_the_account_is_asked(studio: Studio) -> None:
    studio.emulator.discount = Decimal("0.1")
    assert await studio.remote.balance(studio.key) == 100
    assert await studio.remote.live_price(studio.key, request_of(4)) == Decimal("0.0972")
    assert await studio.remote.live_price(studio.key, request_of(3, sequence=False)) == Decimal("0.0729")
    outcome = await studio.make(request_of(4))
    assert outcome.charged == Decimal("0.0972")
    assert outcome.last[0].charge_is == "platform"
    with pytest.raises(KeyRefused):
        await studio.remote.balance(Secret("wrong"))
    with pytest.raises(KeyMissing):
        await studio.remote.balance(Secret(" "))


async def test_without_the_platforms_word_the_rule_counts(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("billings", html(500), times=None))
    outcome = await studio.make(request_of(4))
    assert (outcome.charged, outcome.last[0].charge_is) == (Decimal("0.108"), "rule")


async def test_limits_that_the_platform_changed_are_told(studio: Studio) -> None:
    assert await studio.remote.live_limits(studio.key) == ()
    studio.clock.seconds += 3600
    group = studio.emulator.models["bytedance/seedream-v4/edit-sequential"]
    group.max_images, group.references, group.price = 10, 8, Decimal("0.03")
    del studio.emulator.models["bytedance/seedream-v4.5"]
    told = await studio.remote.live_limits(studio.key)
    assert len(told) == 4
    assert any("max_images has the maximum 10 at WaveSpeedAI; here it is 15" in sentence for sentence in told)


async def test_the_list_of_models_is_asked_for_once_an_hour_and_its_differences_are_logged_once(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    del studio.emulator.models["bytedance/seedream-v4.5"]
    for hour in range(1, 3):
        told = await asyncio.gather(*(studio.remote.live_limits(studio.key) for _ in range(5)))
        assert {len(each) for each in told} == {1}
        assert studio.emulator.journal.count("models") == hour
        studio.clock.seconds += 3600
    assert caplog.text.count("the catalogue and the platform differ") == 1


@pytest.mark.parametrize("answer", [Answer(404), Answer(500), Answer(200, b'[{"model_id": []}]'), html(200), Silence()], ids=repr)
async def test_without_the_list_of_models_nothing_is_told_for_a_minute(
    studio: Studio, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seedream_ui.platforms.remote.listing.WAIT_SECONDS", 0.3)
    del studio.emulator.models["bytedance/seedream-v4.5"]
    studio.emulator.faults.push(Fault("models", answer))
    assert [await studio.remote.live_limits(studio.key) for _ in range(3)] == [()] * 3
    assert studio.emulator.journal.count("models") == 1
    if not isinstance(answer, Silence):
        studio.clock.seconds += 60
        assert await studio.remote.live_limits(studio.key)


# ----------------------------------------------------------------------------------------------------------- event loops
def test_programs_may_run_one_loop_after_another(studio: Studio) -> None:
    for _ in range(3):
        outcome = asyncio.run(studio.make(request_of(2)))
        assert len([event for event in outcome.events if isinstance(event, Picture)]) == 2
        assert not [event for event in outcome.events if isinstance(event, Lost)]
