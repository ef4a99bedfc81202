"""WaveSpeedAI's requests and replies as data."""

import hashlib
import json
from collections.abc import Generator
from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.errors import AnswerLost, Busy, JobFailed, KeyRefused, Moderated, NoCredit, PlatformError, Rejected
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import HttpCall, Reply
from seedream_ui.platforms.seam import UploadFile
from seedream_ui.platforms.wavespeed import WaveSpeed
from seedream_ui.prompting import compile_prompts
from seedream_ui.request import Panel, SequenceRequest

SITE = WaveSpeed()
ID = "6f1c0e5b9d424f0c8e0a7b1d2c3e4f50"
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
FILE = UploadFile("abc.png", "image/png", b"12345")


def reply(data: Any = None, status: int = 200, code: int | None = None, message: str = "success") -> Reply:
    envelope = {"code": status if code is None else code, "message": message, "data": data}
    return Reply(status, json.dumps(envelope).encode(), "application/json")


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


# ------------------------------------------------------------------------------------------------------------------ uploads
def walk(*replies: Reply) -> tuple[list[HttpCall], str | None]:
    """The calls of an upload that gets these replies, and the address it returns."""
    steps: Generator[HttpCall, Reply, str] = SITE.upload(FILE)
    calls = [next(steps)]
    for each in replies:
        try:
            calls.append(steps.send(each))
        except StopIteration as done:
            return calls, done.value
    return calls, None


TICKET = {
    "download_url": "https://files.test/u/abc.png",
    "upload": {
        "method": "PUT",
        "url": "https://bucket.test/put?sig=abc",
        "headers": {"Content-Type": "image/png", "x-goog": "1"},
    },
}


def test_an_upload_by_ticket() -> None:
    (ask, put), address = walk(reply(TICKET), Reply(200, b""))
    assert address == "https://files.test/u/abc.png"
    assert ask.json == {"filename": "abc.png", "size": 5, "content_type": "image/png"}
    assert (put.method, put.path, put.content, put.foreign) == ("PUT", "https://bucket.test/put?sig=abc", b"12345", True)
    assert dict(put.headers) == {"Content-Type": "image/png", "x-goog": "1"}


@pytest.mark.parametrize("status", [404, 405])
def test_an_upload_by_the_older_route(status: int) -> None:
    (_, multipart), address = walk(Reply(status, b""), reply({"download_url": "https://files.test/u/1"}))
    assert address == "https://files.test/u/1"
    assert (multipart.path, multipart.file) == ("/api/v3/media/upload/binary", ("abc.png", b"12345", "image/png"))


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ((reply(None, status=401),), KeyRefused),
        ((reply({}),), AnswerLost),
        ((reply(TICKET | {"upload": {"method": "POST", "url": "https://x"}}),), AnswerLost),
        ((reply(TICKET), Reply(403, b"<Error>")), Rejected),
        ((reply(TICKET), Reply(500, b"")), AnswerLost),
        ((reply(TICKET | {"download_url": None}), Reply(200, b"")), AnswerLost),
    ],
)
def test_an_upload_that_fails(replies: tuple[Reply, ...], kind: type[PlatformError]) -> None:
    with pytest.raises(kind):
        walk(*replies)


# ------------------------------------------------------------------------------------------------------------------ look-up
PROMPT = "a red kettle in 3 images"
LOST = JobState(
    number=0,
    endpoint="bytedance/seedream-v4/sequential",
    frames=(0, 1, 2),
    prompt_sha256=hashlib.sha256(PROMPT.encode()).hexdigest(),
    size="2048*2048",
    count=3,
    price_usd=Decimal("0.081"),
)
INPUTS = {"prompt": PROMPT, "max_images": 3, "size": "2048*2048"}
ITEM = {"id": ID, "model": LOST.endpoint, "status": "processing", "created_at": "2026-01-05T10:11:12.345Z", "inputs": INPUTS}
SINCE = 1_767_607_800.0  # 10:10:00 that day


def found(*items: Any) -> list[str]:
    tickets, _ = SITE.matches(reply({"page": 1, "items": list(items)}), LOST, SINCE)
    return [ticket.prediction_id for ticket in tickets]


def test_the_history_is_asked_for_the_model_since_a_time() -> None:
    call = SITE.history(LOST, SINCE, 2)
    assert (call.path, call.repeatable) == ("/api/v3/predictions", True)
    assert call.json == {"page": 2, "page_size": 100, "model": LOST.endpoint, "created_after": "2026-01-05T10:10:00Z"}


def test_the_lost_job_is_known_by_its_inputs_under_either_name() -> None:
    other = {name: value for name, value in ITEM.items() if name != "inputs"}
    assert found(ITEM) == found(other | {"input": INPUTS}) == [ID]
    assert found(ITEM | {"inputs": {"prompt": PROMPT, "max_images": 3}}) == [ID]
    assert found(ITEM | {"inputs": INPUTS | {"size": "2048x2048"}}) == [ID]


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": None},
        {"inputs": INPUTS | {"prompt": "another"}},
        {"inputs": INPUTS | {"max_images": 2}},
        {"inputs": INPUTS | {"size": "1024*1024"}},
        {"inputs": INPUTS | {"prompt": 7}},
        {"model": "bytedance/seedream-v4"},
        {"created_at": "2026-01-05T10:09:59Z"},
        {"created_at": None},
        {"id": "a/../b"},
        {"id": None},
    ],
)
def test_no_other_job_is_taken_for_it(change: dict[str, Any]) -> None:
    assert found(ITEM | change, None, "x") == []


def test_the_oldest_comes_first() -> None:
    later = ITEM | {"id": "b" * 32, "created_at": "2026-01-05T10:12:00Z"}
    assert found(later, ITEM) == [ID, "b" * 32]


# -------------------------------------------------------------------------------------------------------------------- money
def bill(kind: str, price: object, uuid: object = ID) -> dict[str, Any]:
    return {
        "uuid": "1",
        "billing_type": kind,
        "price": price,
        "created_at": "x",
        "prediction": {"uuid": uuid, "status": "completed"},
    }


def test_a_charge_is_what_was_taken_less_what_was_given_back() -> None:
    items = [bill("deduct", 0.108), bill("refund", 0.108), bill("deduct", 0.027, "b"), bill("deduct", "x", "c"), {}, None]
    assert SITE.charges(reply({"items": items})) == {ID: 0, "b": Decimal("0.027")}
    assert SITE.charges(reply(None)) == {}
    assert SITE.billing([ID]).json == {"prediction_uuids": [ID], "page": 1, "page_size": 100}


def test_balance_and_price() -> None:
    assert SITE.balance_usd(reply({"balance": 42.15})) == Decimal("42.15")
    assert SITE.price_usd(reply({"price": 0.108, "discounted_price": 0.0972})) == Decimal("0.0972")
    assert SITE.price_usd(reply({"price": 0.108})) == Decimal("0.108")
    for nothing in ({}, {"balance": "much"}, None, {"balance": True}):
        with pytest.raises(AnswerLost):
            SITE.balance_usd(reply(nothing))


def test_a_changed_price_is_told() -> None:
    listed = {"model_id": "bytedance/seedream-v4", "base_price": 0.03}
    told = SITE.limits_differing(reply([listed]))
    assert "bytedance/seedream-v4: WaveSpeedAI's price is $0.03 per image; here it is $0.027." in told
    assert "bytedance/seedream-v4/edit is not in WaveSpeedAI's list of models." in told
