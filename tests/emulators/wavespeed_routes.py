"""WaveSpeedAI's HTTP routes but for uploads: submit, predictions, account, catalogue."""

import asyncio
import base64
import math
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from tests.emulators.clock import DAY, seconds, stamp
from tests.emulators.emulator import Call
from tests.emulators.wavespeed_accounts import Account
from tests.emulators.wavespeed_checks import check, output_size, refused, size_problem
from tests.emulators.wavespeed_jobs import Job
from tests.emulators.wavespeed_rules import COMPLETED, CREATED, FAILED, HISTORY_DAYS, PAGE_SIZES, PROCESSING, STATUSES, Model

if TYPE_CHECKING:
    from tests.emulators.wavespeed import WaveSpeed

API = "/api/v3"
GLANCE = 0.005  # real seconds between two looks at a job that somebody waits for in sync mode


def envelope(data: Any, code: int = 200, message: str = "success") -> JSONResponse:
    return JSONResponse({"code": code, "message": message, "data": data})


# ------------------------------------------------------------------------------------------------------------- submit
async def submit(emulator: "WaveSpeed", call: Call) -> Response:
    model = emulator.models.get(call.path["model"])
    if not model:
        raise refused(404, f"model {call.path['model']} not found")
    body, account = check(model, call.json, emulator.rules), call.account
    problem = size_problem(model, body["size"]) if "size" in body else None
    if problem and emulator.rules.bad_size is not None:
        raise refused(emulator.rules.bad_size, problem)
    _check_account(emulator, account, emulator.cost(model, body), body.get("max_images", 1))
    job = _job(emulator, model, call, problem)
    account.count_images(job.images, emulator.clock.now())
    account.add(job)
    account.settle(emulator.rules, emulator.clock.now())
    if body.get("enable_sync_mode"):
        return envelope(await _synchronous(emulator, call, job))
    return envelope(prediction(emulator, job) | {"status": CREATED, "outputs": [], "has_nsfw_contents": []})


def _check_account(emulator: "WaveSpeed", account: Account, cost: Decimal, images: int) -> None:
    rules = emulator.rules
    if cost > account.balance:
        raise refused(rules.insufficient_balance, "Insufficient credits. Please top up your account.")
    headers = {} if rules.retry_after is None else {"Retry-After": str(rules.retry_after)}
    if rules.over_concurrency == "refuse" and account.running >= account.level.concurrent_tasks:
        raise refused(429, "Too many concurrent tasks", headers)
    if account.over_minute(images, emulator.clock.now()):
        raise refused(429, "Rate limit exceeded: images per minute", headers)


def _job(emulator: "WaveSpeed", model: Model, call: Call, size_trouble: str | None) -> Job:
    script, body = emulator.next_script(), call.json
    pixels = [emulator.pixels_of(reference) for reference in body.get("images", ())]
    if size_trouble:
        script = replace(script, status=FAILED, code=1401, error=size_trouble)
    elif None in pixels:
        script = replace(script, status=FAILED, code=1402, error=f"could not fetch image {pixels.index(None) + 1}")
    return Job(
        model=model.id,
        body=body,
        script=script,
        size=output_size(body.get("size"), pixels[0] if pixels else None),
        cost=emulator.cost(model, body),
        created_at=math.floor((call.at + script.late) * 1000) / 1000,  # as it is told
        duration=emulator.duration if script.duration is None else script.duration,
    )


async def _synchronous(emulator: "WaveSpeed", call: Call, job: Job) -> dict[str, Any]:
    """Waits on the emulator's clock; looks often, as a test may move the clock or let the job end at any time."""
    limit = call.at + emulator.rules.sync_seconds
    transport = call.request.scope["state"]["transport"]
    while not job.ended and emulator.clock.now() < limit and not transport.is_closing():
        await asyncio.sleep(GLANCE)
        call.account.settle(emulator.rules, emulator.clock.now())
    if job.ended:
        return prediction(emulator, job)
    error = f"Sync mode timed out after {emulator.rules.sync_seconds:g} seconds. The task is still running."
    return prediction(emulator, job) | {"status": PROCESSING, "code": 5004, "error": error}


# -------------------------------------------------------------------------------------------------------- predictions
def prediction(emulator: "WaveSpeed", job: Job) -> dict[str, Any]:
    """A job as `data` of an answer."""
    told = {
        "id": job.id,
        "model": job.model,
        "outputs": outputs(emulator, job),
        "urls": {"get": f"{emulator.url}{API}/predictions/{job.id}/result"},
        "has_nsfw_contents": job.flags if job.status == COMPLETED else [],
        "status": job.status,
        "created_at": stamp(job.created_at),
        "error": job.error,
        "executionTime": job.execution_ms,
        "timings": {"inference": job.execution_ms},
    }
    return told | ({"code": job.code} if job.ended and job.code else {}) | (dict(job.script.told) if job.ended else {})


def outputs(emulator: "WaveSpeed", job: Job) -> list[Any]:
    if job.status != COMPLETED:
        return []
    if job.body.get("enable_base64_output"):
        return [_inline(job, at, emulator.rules.base64_as) for at in range(job.count)]
    urls = [f"{emulator.url}/out/{job.id}/{at + 1}.{job.format}" for at in range(job.count)]
    return [{"url": url} for url in urls] if emulator.rules.outputs_as == "object" else urls


def _inline(job: Job, index: int, form: str) -> Any:
    bare = base64.b64encode(job.picture(index)).decode()
    uri = f"data:image/{job.format};base64,{bare}"
    return {"bare": bare, "data-uri": uri, "object": {"url": uri}}[form]


async def result(emulator: "WaveSpeed", call: Call) -> Response:
    job = call.account.by_id.get(call.path["id"])
    if not job:
        raise refused(404, f"prediction {call.path['id']} not found")
    job.polls += 1
    odd = job.polls - job.script.null_polls
    if odd <= 0:
        return envelope(None)
    if odd <= job.script.odd_polls:
        return envelope(prediction(emulator, job) | {"status": job.script.odd_status, "outputs": [], "has_nsfw_contents": []})
    return envelope(prediction(emulator, job))


async def history(emulator: "WaveSpeed", call: Call) -> Response:
    asked = _asked(call)
    page, size = _paging(asked)
    if asked.get("status") and asked["status"] not in STATUSES:
        raise refused(400, f"status must be one of {', '.join(STATUSES)}")
    after, before = _moment(asked, "created_after"), _moment(asked, "created_before")
    oldest = max(emulator.clock.now() - HISTORY_DAYS * DAY, after or 0)
    found = [
        job
        for job in reversed(call.account.jobs)
        if oldest <= job.created_at <= (before or job.created_at)
        and job.model == (asked.get("model") or job.model)
        and job.status == (asked.get("status") or job.status) != "deleted"
    ]
    return envelope({"page": page, "items": [_item(emulator, job) for job in found[(page - 1) * size : page * size]]})


def _item(emulator: "WaveSpeed", job: Job) -> dict[str, Any]:
    told = prediction(emulator, job)
    item = {name: told[name] for name in ("id", "model", "status", "outputs", "created_at", "executionTime", "error")}
    return item | ({emulator.rules.list_inputs: dict(job.body)} if emulator.rules.list_inputs else {})


async def delete(emulator: "WaveSpeed", call: Call) -> Response:
    ids = _asked(call).get("ids")
    if not isinstance(ids, list) or not ids:
        raise refused(400, "ids is required")
    for job in call.account.jobs:
        if job.id in ids:
            job.delete(emulator.clock.now())
    return envelope(None)


async def output(emulator: "WaveSpeed", call: Call) -> Response:
    """The picture itself; anyone who has the address may fetch it."""
    job, index = emulator.job(call.path["id"]), int(call.path["index"]) - 1
    if not job or job.status != COMPLETED or not 0 <= index < job.count or job.format != call.path["format"]:
        return Response("Not Found", 404, media_type="text/plain")
    return Response(job.picture(index), media_type=f"image/{job.format}")


# ------------------------------------------------------------------------------------------------ account, catalogue
async def balance(emulator: "WaveSpeed", call: Call) -> Response:
    return envelope({"balance": float(call.account.balance)})


async def billings(emulator: "WaveSpeed", call: Call) -> Response:
    asked = _asked(call)
    page, size = _paging(asked)
    wanted, kind, model = asked.get("prediction_uuids"), asked.get("billing_type"), asked.get("model_uuid")
    after, before = _moment(asked, "start_time"), _moment(asked, "end_time")
    found = [
        {
            "uuid": entry.uuid,
            "billing_type": entry.kind,
            "price": float(entry.price),
            "created_at": stamp(entry.created_at),
            "prediction": {"uuid": entry.job.id, "model_uuid": entry.job.model, "status": entry.job.status},
        }
        for entry in reversed(call.account.ledger)
        if (not wanted or entry.job.id in wanted)
        and entry.kind == (kind or entry.kind)
        and entry.job.model == (model or entry.job.model)
        and (after or 0) <= entry.created_at <= (before or entry.created_at)
    ]
    return envelope({"page": page, "has_more": len(found) > page * size, "items": found[(page - 1) * size : page * size]})


async def price(emulator: "WaveSpeed", call: Call) -> Response:
    model_id, full, due = _priced(emulator, call)
    told = {"model_id": model_id, "price": full, "discounted_price": due, "currency": "USD"}
    return envelope(told | ({"discount_rate": float(emulator.discount)} if emulator.discount else {}))


async def legacy_price(emulator: "WaveSpeed", call: Call) -> Response:
    """As old clients know it."""
    model_id, full, due = _priced(emulator, call)
    return envelope({"model_id": model_id, "unit_price": due, "origin_price": full})


def _priced(emulator: "WaveSpeed", call: Call) -> tuple[str, float, float]:
    asked = _asked(call)
    model = emulator.models.get(asked.get("model_id") or "")
    if not model:
        raise refused(404, "model not found")
    inputs = asked.get("inputs") or {}
    if not isinstance(inputs, dict) or not isinstance(inputs.get("max_images", 1), int):
        raise refused(400, "inputs are invalid")
    return model.id, float(model.price * inputs.get("max_images", 1)), float(emulator.cost(model, inputs))


async def models(emulator: "WaveSpeed", call: Call) -> Response:
    return envelope([_model(model, at) for at, model in enumerate(emulator.models.values(), 1)])


def _model(model: Model, order: int) -> dict[str, Any]:
    schema = {"type": "object", "required": model.required, "properties": model.fields, "x-order-properties": list(model.fields)}
    route = {"type": "model_run", "method": "POST", "api_path": f"{API}/{model.id}", "request_schema": schema}
    return {
        "model_id": model.id,
        "name": model.id,
        "type": "image-to-image" if model.edits else "text-to-image",
        "base_price": float(model.price),
        "formula": "base_price * max_images" if model.max_images else "base_price",
        "sort_order": order,
        "description": "",
        "api_schema": {"api_schemas": [route]},
    }


# ----------------------------------------------------------------------------------------------------- reading bodies
def _asked(call: Call) -> dict[str, Any]:
    if not isinstance(call.json, dict):
        raise refused(400, "Invalid JSON body")
    return call.json


def _paging(asked: dict[str, Any]) -> tuple[int, int]:
    page, size = asked.get("page", 1), asked.get("page_size", 20)
    if not isinstance(page, int) or page < 1 or size not in PAGE_SIZES:
        raise refused(400, "page must be at least 1, page_size between 1 and 100")
    return page, size


def _moment(asked: dict[str, Any], name: str) -> float | None:
    try:
        return seconds(asked[name]) if asked.get(name) else None
    except (TypeError, ValueError):
        raise refused(400, f"{name} must be an ISO 8601 time") from None
