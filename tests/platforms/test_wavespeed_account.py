"""The rest of WaveSpeedAI's account as data: uploads, the list of jobs, money."""

import hashlib
from collections.abc import Generator
from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.errors import AnswerLost, KeyRefused, PlatformError, Rejected
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import HttpCall, Reply
from seedream_ui.platforms.seam import UploadFile
from tests.platforms.wavespeed_replies import ID, SITE, reply


# ------------------------------------------------------------------------------------------------------------------ uploads
def walk(*replies: Reply) -> tuple[list[HttpCall], str | None]:
    """The calls of an upload that gets these replies, and the address it returns."""
    steps: Generator[HttpCall, Reply, str] = SITE.upload(UploadFile("abc.png", "image/png", b"12345"))
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


def test_a_job_with_half_a_character_in_its_prompt_hides_no_other() -> None:
    assert found(ITEM | {"id": "b" * 32, "inputs": INPUTS | {"prompt": "half \ud83d"}}, ITEM) == [ID]


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
