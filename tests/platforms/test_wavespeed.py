"""WaveSpeedAI's jobs as data: what is sent, and what the replies say of them."""

from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.errors import AnswerLost, Busy, JobFailed, KeyRefused, Moderated, NoCredit, PlatformError, Rejected
from seedream_ui.platforms.http import HttpCall, Reply
from seedream_ui.prompting import compile_prompts
from seedream_ui.request import Panel, SequenceRequest
from tests.platforms.wavespeed_replies import ID, SITE, reply

RESULT = f"/api/v3/predictions/{ID}/result"
DATA: dict[str, Any] = {
    "id": ID,
    "model": "bytedance/seedream-v4/sequential",
    "outputs": [],
    "urls": {"get": f"https://api.wavespeed.ai{RESULT}"},
    "has_nsfw_contents": [],
    "status": "created",
    "created_at": "2026-01-05T10:11:12.345Z",
    "error": "",
    "executionTime": 0,
    "timings": {"inference": 0},
}


def request_of(**given: Any) -> SequenceRequest:
    return SequenceRequest(**({"prompt": "a red kettle", "platform": "wavespeed", "count": 3} | given))


# --------------------------------------------------------------------------------------------------------------------- jobs
def test_a_sequence_is_submitted_as_the_contract_says() -> None:
    request = request_of()
    (planned,) = SITE.plan(request, 2048, 1024)
    call = SITE.submission(planned, ("https://files.test/1.png",))
    assert (call.method, call.path) == ("POST", "/api/v3/bytedance/seedream-v4/sequential")
    assert call.json == {
        "prompt": compile_prompts(request)[0],
        "images": ["https://files.test/1.png"],
        "size": "2048*1024",
        "max_images": 3,
    }
    assert not call.repeatable
    assert planned.price_usd == Decimal("0.081")


@pytest.mark.parametrize(("sequence", "count"), [(False, 3), (True, 1), (False, 1)])
def test_independent_images_are_jobs_of_their_own(sequence: bool, count: int) -> None:
    planned = SITE.plan(request_of(sequence=sequence, count=count), 1024, 1024)
    assert [each.frames for each in planned] == [(index,) for index in range(count)]
    assert all("max_images" not in SITE.body(each, ()) and "images" not in SITE.body(each, ()) for each in planned)
    assert sum(each.price_usd for each in planned) == Decimal("0.027") * count


def test_options_are_fields_of_the_body() -> None:
    (planned,) = SITE.plan(request_of(model="seedream-v5.0-lite", options={"output_format": "png"}), 2048, 2048)
    assert SITE.body(planned, ())["output_format"] == "png"


def test_sync_mode_is_waited_for() -> None:
    (planned,) = SITE.plan(request_of(options={"enable_sync_mode": True}), 2048, 2048)
    assert SITE.submission(planned, ()).seconds > 90


def test_panels_without_seq_go_each_to_their_own_job() -> None:
    panels = (Panel(text="in spring"), Panel(text="in autumn"))
    first, second = SITE.plan(request_of(count=2, sequence=False, panels=panels), 1024, 1024)
    assert "in spring" in first.prompt
    assert "in autumn" in second.prompt


# ------------------------------------------------------------------------------------------------------------------ tickets
def test_a_ticket() -> None:
    ticket = SITE.accepted(reply(DATA))
    assert (ticket.prediction_id, ticket.poll, ticket.progress.state) == (ID, RESULT, "queued")
    assert SITE.inquiry(ticket.poll) == HttpCall("GET", RESULT, most_bytes=SITE.inquiry("").most_bytes)


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "https://api.wavespeed.ai/api/v3/balance",
        f"https://evil.test/api/v3/../../{ID}",
        f"https://evil.test//{ID}",
        f"file:///{ID}",
        f"https://evil.test/{ID}?x=1",
    ],
)
def test_a_strange_address_to_ask_is_replaced_by_the_documented_one(url: object) -> None:
    assert SITE.accepted(reply(DATA | {"urls": {"get": url}})).poll == RESULT
    assert SITE.accepted(reply(DATA | {"urls": None})).poll == RESULT


def test_another_host_in_the_address_is_ignored() -> None:
    assert SITE.accepted(reply(DATA | {"urls": {"get": f"https://evil.test/v4/{ID}"}})).poll == f"/v4/{ID}"


def test_a_reply_that_names_a_job_is_a_job_taken() -> None:
    timed_out = DATA | {"status": "processing", "code": 5004, "error": "Sync mode timed out after 90 seconds"}
    assert SITE.accepted(reply(timed_out)).progress.state == "running"
    assert SITE.accepted(reply(DATA, code=500)).prediction_id == ID


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(None), AnswerLost),
        (reply([]), AnswerLost),
        (reply({}), AnswerLost),
        (reply({"id": ""}), AnswerLost),
        (reply({"id": 7}), AnswerLost),
        (reply({"id": "../x"}), AnswerLost),
        (Reply(200, b"<html>"), AnswerLost),
        (Reply(200, b""), AnswerLost),
        (Reply(200, b"[1]"), AnswerLost),
        (Reply(200, b"[" * 100_000), AnswerLost),
        (Reply(502, b"<html>bad gateway"), AnswerLost),
        (reply(DATA, status=500), AnswerLost),
        (Reply(301, b""), AnswerLost),
        (reply(None, status=400, message="size"), Rejected),
        (Reply(413, b"<html>"), Rejected),
        (reply(None, status=401), KeyRefused),
        (reply(None, status=429), Busy),
        (reply(None, code=429), Busy),
        (reply(None, code=401), KeyRefused),
        (reply(None, code=1401, message="size"), Rejected),
        (reply(None, code=503), AnswerLost),
        (reply(None, status=403, message="Insufficient credits, please top up"), NoCredit),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{value.status} {value.body[:30]!r}",
)
def test_every_other_answer_is_one_of_our_errors(answer: Reply, kind: type[PlatformError]) -> None:
    with pytest.raises(PlatformError) as caught:
        SITE.accepted(answer)
    assert type(caught.value) is kind


# ----------------------------------------------------------------------------------------------------------------- progress
@pytest.mark.parametrize(
    ("status", "state"),
    [("created", "queued"), ("processing", "running"), ("pending", "running"), ("new-in-2027", "running"), ("", "running")],
)
def test_what_has_not_ended_is_waited_for(status: str, state: str) -> None:
    assert SITE.progress(reply(DATA | {"status": status})).state == state


def test_outputs_in_every_form() -> None:
    outputs = [
        "https://cdn.test/1.jpeg",
        "aGk=",
        "data:image/png;base64,aGk=",
        {"url": "https://cdn.test/4"},
        {"b64_json": "aGk="},
    ]
    done = SITE.progress(
        reply(DATA | {"status": "completed", "outputs": [*outputs, None, "", 7, {}, "<p>"], "has_nsfw_contents": [0, 1]})
    )
    assert done.outputs == ("https://cdn.test/1.jpeg", b"hi", b"hi", "https://cdn.test/4", b"hi", None, None, None, None, None)
    assert done.flags == (False, True)


@pytest.mark.parametrize(
    "told", [{"timings": {"inference": 64210}}, {"executionTime": 64210}, {"timings": None, "executionTime": 64210}]
)
def test_times_come_in_milliseconds_under_either_name(told: dict[str, Any]) -> None:
    assert SITE.progress(reply(DATA | {"status": "completed"} | told)).inference_seconds == 64.21
    assert SITE.progress(reply(DATA)).inference_seconds is None


@pytest.mark.parametrize("code", [1200, 1400, 1401, 1402, 1403, 1405, 5000, 5003, 5004, None, 9999, "x"])
def test_a_failed_job_costs_nothing_and_says_so(code: object) -> None:
    error = SITE.progress(reply(DATA | {"status": "failed", "code": code, "error": "<b>no</b>"})).error
    assert isinstance(error, Moderated if code == 1200 else JobFailed)
    assert error.charged == "nothing"
    assert "Nothing is charged for it" in str(error)
    assert "<" not in str(error)


@pytest.mark.parametrize("status", ["cancelled", "timeout", "deleted"])
def test_other_ends_may_have_cost_something(status: str) -> None:
    error = SITE.progress(reply(DATA | {"status": status})).error
    assert error is not None
    assert error.charged == "unknown"
    assert "Whether it was charged shows in your account" in str(error)


@pytest.mark.parametrize("answer", [reply(None), reply({}), reply({"status": 7}), Reply(200, b"{"), Reply(503, b"")])
def test_a_poll_that_says_nothing_is_no_progress(answer: Reply) -> None:
    with pytest.raises(AnswerLost):
        SITE.progress(answer)
