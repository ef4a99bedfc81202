"""What WaveSpeedAI charges, refunds, lists and limits."""

from decimal import Decimal
from typing import Any

import pytest

from tests.emulators.calling import FOUR, MEGAPIXEL, V4, V5, V45, Caller, finished
from tests.emulators.clock import DAY, stamp
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script

pytestmark = pytest.mark.usefixtures("time_stands")


# --------------------------------------------------------------------------------------------------------------- money
@pytest.mark.parametrize(("model", "unit"), [(V4, "0.027"), (V45, "0.04"), (V5, "0.035")])
def test_a_set_costs_the_models_price_times_max_images(caller: Caller, emulator: WaveSpeed, model: str, unit: str) -> None:
    caller.submitted(f"{model}/sequential", prompt="Kettles", size="2048*2048", max_images=10)
    caller.submitted(model, prompt="A kettle", size="2048*2048")
    assert [str(entry.price.normalize()) for entry in emulator.owner.ledger] == [f"{float(unit) * 10:g}", unit]


def test_the_charge_is_made_at_submit_whatever_comes_back(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.script(Script(returned=1))
    caller.submitted()
    assert caller.balance() == pytest.approx(100 - 0.108)
    emulator.clock.advance(60)
    assert caller.balance() == pytest.approx(100 - 0.108)


def test_a_failed_job_is_refunded_and_both_are_billed(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.script(Script(status="failed", code=1200))
    job_id = finished(caller, emulator)["id"]
    items = caller.post("/billings/search", prediction_uuids=[job_id])["items"]
    assert [(item["billing_type"], item["price"]) for item in items] == [("refund", 0.108), ("deduct", 0.108)]
    assert [item["prediction"]["uuid"] for item in items] == [job_id, job_id]
    assert items[0]["prediction"]["status"] == "failed"
    assert items[0]["created_at"] > items[1]["created_at"]
    assert caller.balance() == 100
    assert emulator.owner.charged == 0


def test_a_refund_can_take_three_hours(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.rules.refund_seconds = 3 * 3600
    emulator.script(Script(status="failed", code=5000))
    finished(caller, emulator)
    assert caller.balance() < 100
    emulator.clock.advance(3 * 3600)
    assert caller.balance() == 100


@pytest.mark.parametrize("status", ["cancelled", "timeout", "deleted"])
def test_only_a_failed_job_is_refunded(caller: Caller, emulator: WaveSpeed, status: str) -> None:
    emulator.script(Script(status=status))
    finished(caller, emulator)
    assert len(emulator.owner.ledger) == 1


def test_without_enough_money_a_submit_is_402(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.account(emulator.key, balance="0.107")
    answer = caller.submit()
    assert (answer.status_code, answer.json()["code"]) == (402, 402)
    assert "Insufficient credits" in answer.json()["message"]
    assert caller.submit(V4, **MEGAPIXEL).status_code == 200


def test_billings_are_paged_and_filtered(caller: Caller, emulator: WaveSpeed) -> None:
    for _ in range(3):
        caller.submitted()
        emulator.clock.advance(10)
    page = caller.post("/billings/search", page=1, page_size=2, billing_type="deduct")
    assert (len(page["items"]), page["has_more"]) == (2, True)
    assert caller.post("/billings/search", page=2, page_size=2)["has_more"] is False
    assert caller.post("/billings/search", billing_type="refund")["items"] == []
    assert len(caller.post("/billings/search", start_time=stamp(emulator.clock.now() - 15))["items"]) == 1


def test_accounts_have_their_own_money_and_history(caller: Caller, emulator: WaveSpeed) -> None:
    other = Caller(emulator, emulator.account("ws-second-key", balance="5").key)
    other.submitted()
    assert (caller.balance(), other.balance()) == (100, pytest.approx(4.892))
    assert caller.post("/predictions", page=1, page_size=10)["items"] == []


# ----------------------------------------------------------------------------------------------------- price, catalogue
def test_the_price_route_tells_what_a_submit_will_cost(caller: Caller, emulator: WaveSpeed) -> None:
    told = caller.post("/model/price", model_id=f"{V4}/sequential", inputs=FOUR)
    assert told == {"model_id": f"{V4}/sequential", "price": 0.108, "discounted_price": 0.108, "currency": "USD"}
    emulator.discount = Decimal("0.25")
    told = caller.post("/model/price", model_id=f"{V4}/sequential", inputs=FOUR)
    assert (told["price"], told["discounted_price"]) == (0.108, 0.081)
    caller.submitted()
    assert float(emulator.owner.charged) == 0.081


def test_the_older_price_route_is_there_in_its_own_words(caller: Caller) -> None:
    told = caller.post("/model/pricing", model_id=V45, inputs=MEGAPIXEL)
    assert (told["unit_price"], told["origin_price"]) == (0.04, 0.04)


def test_the_price_of_an_unknown_model_is_404(caller: Caller) -> None:
    assert caller.http.post("/model/price", json={"model_id": "nobody/nothing", "inputs": {}}).status_code == 404


def schema_of(caller: Caller, model_id: str) -> dict[str, Any]:
    found = next(model for model in caller.http.get("/models").json()["data"] if model["model_id"] == model_id)
    return found["api_schema"]["api_schemas"][0]["request_schema"]


def test_the_catalogue_has_twelve_models_with_their_schemas(caller: Caller) -> None:
    listed = caller.http.get("/models").json()["data"]
    assert {model["model_id"] for model in listed} == {
        f"{family}{variant}" for family in (V4, V45, V5) for variant in ("", "/edit", "/sequential", "/edit-sequential")
    }
    assert {model["base_price"] for model in listed} == {0.027, 0.04, 0.035}
    schema = schema_of(caller, f"{V4}/edit-sequential")
    assert schema["required"] == ["prompt", "images"]
    assert (schema["properties"]["max_images"]["minimum"], schema["properties"]["max_images"]["maximum"]) == (1, 15)
    assert schema["properties"]["images"]["maxItems"] == 10
    assert "max_images" not in schema_of(caller, V4)["properties"]


def test_limits_and_prices_can_drift(caller: Caller, emulator: WaveSpeed) -> None:
    model = emulator.models[f"{V4}/sequential"]
    model.max_images, model.price = 3, Decimal("0.05")
    assert schema_of(caller, model.id)["properties"]["max_images"]["maximum"] == 3
    assert caller.submit().status_code == 400
    assert caller.post("/model/price", model_id=model.id, inputs=FOUR | {"max_images": 3})["price"] == 0.15


# ---------------------------------------------------------------------------------------------------------- the history
def test_the_list_tells_what_was_asked_for_newest_first(caller: Caller, emulator: WaveSpeed) -> None:
    first = caller.submitted()
    emulator.clock.advance(60)
    second = caller.submitted(V4, **MEGAPIXEL)
    page = caller.post("/predictions", page=1, page_size=10)
    assert (page["page"], [item["id"] for item in page["items"]]) == (1, [second, first])
    item = page["items"][1]
    assert set(item) == {"id", "model", "status", "outputs", "inputs", "created_at", "executionTime", "error"}
    assert (item["inputs"], item["status"], len(item["outputs"])) == (FOUR, "completed", 4)


@pytest.mark.parametrize("name", ["input", None])
def test_the_list_may_call_the_inputs_otherwise_or_leave_them_out(caller: Caller, emulator: WaveSpeed, name: str | None) -> None:
    emulator.rules.list_inputs = name
    caller.submitted()
    item = caller.post("/predictions")["items"][0]
    assert "inputs" not in item
    assert item.get("input") == (FOUR if name else None)


def test_the_list_is_filtered_by_model_status_and_time(caller: Caller, emulator: WaveSpeed) -> None:
    old = caller.submitted()
    emulator.clock.advance(100)
    new = caller.submitted(V4, **MEGAPIXEL)

    def found(**asked: Any) -> list[str]:
        return [item["id"] for item in caller.post("/predictions", **asked)["items"]]

    between = stamp(emulator.clock.now() - 50)
    assert found(model=V4) == found(status="created") + found(status="processing") == found(created_after=between) == [new]
    assert found(status="completed") == found(created_before=between) == [old]


def test_a_job_lies_inside_a_window_that_its_own_time_ends_or_begins(caller: Caller, emulator: WaveSpeed) -> None:
    at = caller.poll(caller.submitted())["created_at"]
    assert len(caller.post("/predictions", created_after=at, created_before=at)["items"]) == 1


def test_the_list_has_pages_of_at_most_100(caller: Caller, emulator: WaveSpeed) -> None:
    ids = [caller.submitted() for _ in range(5)]
    seen = [item["id"] for page in (1, 2, 3) for item in caller.post("/predictions", page=page, page_size=2)["items"]]
    assert sorted(seen) == sorted(ids)
    assert caller.http.post("/predictions", json={"page_size": 101}).status_code == 400
    assert caller.http.post("/predictions", json={"status": "pending"}).status_code == 400


def test_the_list_goes_back_seven_days(caller: Caller, emulator: WaveSpeed) -> None:
    caller.submitted()
    emulator.clock.advance(7 * DAY + 1)
    assert caller.post("/predictions")["items"] == []


def test_a_deleted_prediction_is_in_no_list_and_says_so(caller: Caller, emulator: WaveSpeed) -> None:
    job_id = finished(caller, emulator)["id"]
    caller.post("/predictions/delete", ids=[job_id])
    assert caller.post("/predictions")["items"] == []
    assert caller.poll(job_id)["status"] == "deleted"


# --------------------------------------------------------------------------------------------------------------- limits
def test_a_bronze_account_runs_three_tasks_at_once(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.account(emulator.key, level="bronze")
    statuses = [caller.submit(V4, **MEGAPIXEL).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    emulator.clock.advance(60)
    assert caller.submit(V4, **MEGAPIXEL).status_code == 200


def test_a_bronze_account_makes_ten_images_a_minute(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.account(emulator.key, level="bronze")
    emulator.duration = 0
    emulator.clock.advance(60 - emulator.clock.now() % 60)
    assert [caller.submit().status_code for _ in range(3)] == [200, 200, 429]
    assert len(emulator.jobs) == 2
    emulator.clock.advance(60)
    assert caller.submit().status_code == 200


@pytest.mark.parametrize(("seconds", "header"), [(None, None), (7, "7")])
def test_429_comes_with_and_without_retry_after(
    caller: Caller, emulator: WaveSpeed, seconds: int | None, header: str | None
) -> None:
    emulator.account(emulator.key, level="bronze")
    emulator.rules.retry_after = seconds
    refused = [caller.submit(V4, **MEGAPIXEL) for _ in range(4)][-1]
    assert (refused.status_code, refused.headers.get("retry-after")) == (429, header)
    assert len(emulator.jobs) == 3


def test_tasks_above_the_limit_can_wait_instead(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.account(emulator.key, level="bronze")
    emulator.rules.over_concurrency = "wait"
    ids = [caller.submitted(V4, **MEGAPIXEL) for _ in range(4)]
    assert [caller.poll(job_id)["status"] for job_id in ids] == ["processing"] * 3 + ["created"]
    emulator.clock.advance(60)
    assert [caller.poll(job_id)["status"] for job_id in ids] == ["completed"] * 3 + ["processing"]
    emulator.clock.advance(60)
    assert caller.poll(ids[3])["status"] == "completed"
