"""Numbers and texts of a reply that nobody would write: they are not told, and nothing breaks on them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.errors import AnswerLost
from seedream_ui.platforms.http import Reply
from seedream_ui.platforms.seam import Ticket
from seedream_ui.platforms.wavespeed import WaveSpeed
from tests.platforms.remote_driving import Studio, request_of
from tests.platforms.wavespeed_replies import ID, SITE, reply

NO_AMOUNTS = ["NaN", "Infinity", "-Infinity", "1e400", "1e30", "1000000", "true", '"sNaN"', '"abc"', "null", "[]", '"\\u202e5"']
DONE = {"id": ID, "status": "completed", "outputs": []}


def raw(data: str) -> Reply:
    return Reply(200, f'{{"code": 200, "data": {data}}}'.encode())


@pytest.mark.parametrize("amount", [*NO_AMOUNTS, "-5", '"-5"'])
def test_a_price_or_balance_that_is_none_is_not_told(amount: str) -> None:
    with pytest.raises(AnswerLost):
        SITE.balance_usd(raw(f'{{"balance": {amount}}}'))
    with pytest.raises(AnswerLost):
        SITE.price_usd(raw(f'{{"discounted_price": {amount}}}'))
    assert SITE.price_usd(raw(f'{{"discounted_price": {amount}, "price": 0.1}}')) == Decimal("0.1")


def billed(*items: tuple[str, str]) -> dict[str, Decimal]:
    told = [f'{{"billing_type": "{kind}", "price": {price}, "prediction": {{"uuid": "{ID}"}}}}' for kind, price in items]
    return SITE.charges(raw(f'{{"items": [{", ".join(told)}]}}'))


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_a_charge_that_is_no_amount_is_not_told(amount: str) -> None:
    assert billed(("deduct", amount)) == {}
    assert billed(("deduct", "0.05"), ("refund", amount)) == {}


def test_a_refund_gives_back_no_more_than_was_taken() -> None:
    assert billed(("deduct", "0.05"), ("refund", "5")) == {ID: 0}
    assert billed(("deduct", "0.05"), ("refund", "0.02")) == {ID: Decimal("0.03")}


def test_a_charge_may_be_written_below_nothing() -> None:
    assert billed(("deduct", "-0.05")) == {ID: Decimal("0.05")}


@pytest.mark.parametrize(
    "time", ["2026\ud800", "2026-01-05\ud80010:11:12", "soon", "2026-01-05T10:11:12Z" + " " * 40, "", 7, None]
)
def test_a_time_that_is_none_is_not_told(time: Any) -> None:
    assert SITE.accepted(reply(DONE | {"created_at": time})).progress.created_at is None


def test_a_time_is_told_as_it_is_written() -> None:
    assert (
        SITE.accepted(reply(DONE | {"created_at": "2026-01-05T10:11:12.345Z"})).progress.created_at == "2026-01-05T10:11:12.345Z"
    )


@pytest.mark.parametrize(
    "address", ["https://x.test/\ud800", "https://é.test/1", "https://x.test/\x00", "https://x.test/" + "a" * 5000]
)
def test_an_output_at_no_address_is_none(address: str) -> None:
    assert SITE.progress(reply(DONE | {"outputs": [address, "https://x.test/1.png"]})).outputs == (None, "https://x.test/1.png")


@pytest.mark.parametrize("took", ["1" + "0" * 400, "1e400", "NaN", "-1", "true", "1e12"])
def test_a_time_of_work_that_nobody_has_is_not_told(took: str) -> None:
    inference = SITE.progress(raw(f'{{"status": "completed", "executionTime": {took}}}')).inference_seconds
    assert inference is None or inference == 0.001


@pytest.mark.parametrize(
    "listed", [[{"model_id": []}], "x", [1, 2], [{"model_id": "bytedance/seedream-v4", "base_price": "NaN"}]]
)
def test_a_list_of_models_that_is_none_differs_in_no_price(listed: Any) -> None:
    assert all("is not in" in sentence for sentence in SITE.limits_differing(reply(listed)) if "price" in sentence)


def test_a_limit_that_is_no_number_is_not_repeated() -> None:
    fields = {"size": {"minimum": "<b>" * 1000, "maximum": 10**30}}
    schema = {"api_schemas": [{"request_schema": {"properties": fields}}]}
    listed = json.loads(json.dumps({"model_id": "bytedance/seedream-v4", "api_schema": schema}))
    assert not any("size has" in sentence for sentence in SITE.limits_differing(reply([listed])))


def test_a_job_is_taken_whatever_else_its_reply_says() -> None:
    code = f'{{"code": 200, "data": {{"id": "{ID}", "status": "created", "executionTime": 1{"0" * 400}}}}}'
    ticket = SITE.accepted(Reply(200, code.encode()))
    assert (ticket.prediction_id, ticket.progress.state) == (ID, "queued")


async def test_a_reader_that_breaks_leaves_a_taken_job_to_be_looked_for(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(platform: WaveSpeed, reply: Reply) -> Ticket:
        raise OverflowError

    monkeypatch.setattr(WaveSpeed, "accepted", broken)
    outcome = await studio.make(request_of(2))
    assert set(outcome.pictures) == {0, 1}
    assert studio.emulator.journal.count("submit") == 1
