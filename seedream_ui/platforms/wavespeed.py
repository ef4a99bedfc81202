"""WaveSpeedAI: requests built and replies read, nothing sent.

Sources: its documents of the REST interface and of the Seedream models (wavespeed.ai/docs), and its own Python SDK 2.0.5.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from seedream_ui.catalog import Model, catalog, model_of
from seedream_ui.errors import AnswerLost, Charged, JobFailed, Moderated, PlatformError, Rejected
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import HttpCall, Reply
from seedream_ui.platforms.live import differences
from seedream_ui.platforms.replies import dollars, error_of, inline_picture, json_of, plain_words
from seedream_ui.platforms.seam import Output, Planned, Progress, Ticket, UploadFile
from seedream_ui.prompting import compile_prompts
from seedream_ui.request import SequenceRequest

__all__ = ["WaveSpeed"]

API = "/api/v3"
PAGE = 100
"""Most predictions in one page of its history."""
SYNC_SECONDS = 120.0
"""A submit in sync mode is held up to 90 s, by the tests of its SDK."""
INLINE_BYTES = 80_000_000
"""An image of 60 MB in base64."""
LONGEST_ADDRESS, LONGEST_TIME = 4096, 40
"""Characters."""
LONGEST_JOB = 1e9
"""Milliseconds: no job works for twelve days."""
_ENDED = {
    "failed": "failed",
    "cancelled": "was cancelled at the platform",
    "timeout": "took longer than the platform allows",
    "deleted": "was deleted at the platform",
}
_POLL_PATH = re.compile(r"/[A-Za-z0-9._~/-]{1,300}")
_ID = re.compile(r"[A-Za-z0-9._~-]{1,128}")


class WaveSpeed:
    """The platform `wavespeed` of the catalogue."""

    title = "WaveSpeedAI"
    base_url = "https://api.wavespeed.ai"
    usual_seconds = 70.0
    """Stated on the page of v4 edit-sequential."""

    # ---------------------------------------------------------------------------------------------------------- jobs
    def plan(self, request: SequenceRequest, width: int, height: int) -> tuple[Planned, ...]:
        """One job for a sequence of several images, else one for each image."""
        model, prompts = model_of(request), compile_prompts(request)
        grouped = request.sequence and request.count > 1
        shares = [tuple(range(request.count))] if grouped else [(index,) for index in range(request.count)]
        return tuple(
            Planned(
                request=request,
                number=number,
                endpoint=_endpoint(model, grouped, bool(request.references)),
                frames=frames,
                prompt=prompts[number],
                size=f"{width}*{height}",
                price_usd=model.price_usd * len(frames),
                grouped=grouped,
            )
            for number, frames in enumerate(shares)
        )

    def body(self, planned: Planned, images: Sequence[str]) -> dict[str, Any]:
        """The JSON that is posted; options of the request are fields of their own."""
        body: dict[str, Any] = {"prompt": planned.prompt}
        if images:
            body["images"] = list(images)
        body["size"] = planned.size
        if planned.grouped:
            body["max_images"] = planned.count
        return body | dict(planned.request.options)

    def submission(self, planned: Planned, images: Sequence[str]) -> HttpCall:
        body = self.body(planned, images)
        waits = bool(body.get("enable_sync_mode"))
        most = INLINE_BYTES * planned.count if waits else HttpCall.most_bytes
        return HttpCall("POST", f"{API}/{planned.endpoint}", body, seconds=SYNC_SECONDS if waits else 60, most_bytes=most)

    def accepted(self, reply: Reply) -> Ticket:
        """The job's ticket. A reply that names a job is a job taken, whatever else it says."""
        try:
            data = json_of(reply).get("data")
        except ValueError:
            data = None
        found = data.get("id") if isinstance(data, dict) else None
        if 200 <= reply.status < 300 and isinstance(data, dict) and isinstance(found, str) and _ID.fullmatch(found):
            return self._ticket(found, data)
        self._data(reply)  # says what went wrong
        raise AnswerLost(self.title)

    def inquiry(self, poll: str) -> HttpCall:
        return HttpCall("GET", poll, most_bytes=INLINE_BYTES * 15)

    def progress(self, reply: Reply) -> Progress:
        data = self._data(reply)
        if not isinstance(data, dict) or not isinstance(data.get("status"), str):
            raise AnswerLost(self.title)
        return self._progress(data)

    def cancellation(self, state: JobState) -> HttpCall | None:
        """Its documents know no way to cancel a prediction."""
        return None

    def _ticket(self, prediction_id: str, data: dict[str, Any]) -> Ticket:
        return Ticket(prediction_id, _poll_path(prediction_id, data), self._progress(data))

    def _progress(self, data: dict[str, Any]) -> Progress:
        """Statuses that we do not know mean keep waiting, as in the SDK."""
        status = data.get("status")
        told = Progress(
            "queued" if status == "created" else "running",
            flags=tuple(bool(flag) for flag in _list(data.get("has_nsfw_contents"))),
            created_at=_time(data.get("created_at")),
            inference_seconds=_inference_seconds(data),
        )
        if status == "completed":
            return replace(told, state="done", outputs=tuple(_output(each) for each in _list(data.get("outputs"))))
        if status in _ENDED:
            return replace(told, state="failed", error=self._failure(status, data))
        return told

    def _failure(self, status: str, data: dict[str, Any]) -> JobFailed:
        code = data.get("code")
        code = code if isinstance(code, int) else 0
        words = plain_words(data.get("error"))
        if status != "failed":  # only failed tasks are documented as credited back
            return JobFailed(self.title, code, f"The job {_ENDED[status]}. {_UNTOLD}", charged="unknown")
        kind = Moderated if code == 1200 else JobFailed
        sentence = _FAILED.get(code, _FAILED[0]).format(platform=self.title, said=f" It says: “{words}”." if words else "")
        charged: Charged = "nothing"
        return kind(self.title, code, sentence, charged)

    # ------------------------------------------------------------------------------------------------------- uploads
    def upload(self, file: UploadFile) -> Generator[HttpCall, Reply, str]:
        """By ticket and PUT; by the older multipart route where there is no such thing. Files are kept for 7 days."""
        ticket = {"filename": file.name, "size": len(file.data), "content_type": file.media_type}
        reply = yield HttpCall("POST", f"{API}/media/uploads", ticket, repeatable=True)
        if reply.status in (404, 405):
            parts = (file.name, file.data, file.media_type)
            reply = yield HttpCall("POST", f"{API}/media/upload/binary", file=parts, repeatable=True, seconds=120)
            return _address(self._data(reply), self.title)
        data = self._data(reply)
        put = data.get("upload") if isinstance(data, dict) else None
        if not isinstance(put, dict) or str(put.get("method")).upper() != "PUT" or not isinstance(put.get("url"), str):
            raise AnswerLost(self.title)
        headers = put.get("headers")
        signed = tuple((str(name), str(value)) for name, value in (headers.items() if isinstance(headers, dict) else ()))
        stored = yield HttpCall("PUT", put["url"], content=file.data, headers=signed, foreign=True, repeatable=True, seconds=120)
        if not 200 <= stored.status < 300:
            raise (
                Rejected(self.title, 400, "a reference image could not be stored")
                if stored.status < 500
                else AnswerLost(self.title)
            )
        return _address(data, self.title)

    # ------------------------------------------------------------------------------------------------------- history
    def history(self, state: JobState, since: float, page: int) -> HttpCall:
        after = datetime.fromtimestamp(since, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        asked = {"page": page, "page_size": PAGE, "model": state.endpoint, "created_after": after}
        return HttpCall("POST", f"{API}/predictions", asked, repeatable=True, most_bytes=INLINE_BYTES)

    def matches(self, reply: Reply, state: JobState, since: float) -> tuple[tuple[Ticket, ...], bool]:
        data = self._data(reply)
        items = _list(data.get("items")) if isinstance(data, dict) else []
        found = [item for item in items if isinstance(item, dict) and _is_it(item, state, since)]
        found.sort(key=lambda item: str(item["created_at"]))
        return tuple(self._ticket(item["id"], item) for item in found), len(items) >= PAGE

    # --------------------------------------------------------------------------------------------------------- money
    def billing(self, prediction_ids: Sequence[str]) -> HttpCall:
        asked = {"prediction_uuids": list(prediction_ids), "page": 1, "page_size": PAGE}
        return HttpCall("POST", f"{API}/billings/search", asked, repeatable=True)

    def charges(self, reply: Reply) -> dict[str, Decimal]:
        """Never below nothing. A prediction with an amount that cannot be read is left out: the rest is not what it cost."""
        data, told = self._data(reply), defaultdict[str, list[Decimal | None]](list)
        for item in _list(data.get("items")) if isinstance(data, dict) else []:
            match item:
                case {"billing_type": str(kind), "price": price, "prediction": {"uuid": str(uuid)}}:
                    amount = dollars(str(price).removeprefix("-"))  # some write what was taken below nothing
                    told[uuid].append(-amount if amount and "refund" in kind.lower() else amount)
        return {
            uuid: max(Decimal(), sum(filter(None, amounts), Decimal())) for uuid, amounts in told.items() if None not in amounts
        }

    def balance(self) -> HttpCall:
        return HttpCall("GET", f"{API}/balance", seconds=10)

    def balance_usd(self, reply: Reply) -> Decimal:
        return self._amount(reply, "balance")

    def price(self, planned: Planned) -> HttpCall:
        asked = {"model_id": planned.endpoint, "inputs": self.body(planned, ())}
        return HttpCall("POST", f"{API}/model/price", asked, repeatable=True, seconds=10)

    def price_usd(self, reply: Reply) -> Decimal:
        """What this account pays, its discount taken off."""
        return self._amount(reply, "discounted_price", "price")

    def _amount(self, reply: Reply, *names: str) -> Decimal:
        data = self._data(reply)
        for name in names:
            if isinstance(data, dict) and (amount := dollars(data.get(name))) is not None:
                return amount
        raise AnswerLost(self.title)

    # -------------------------------------------------------------------------------------------------------- models
    def models(self) -> HttpCall:
        return HttpCall("GET", f"{API}/models", most_bytes=50_000_000)

    def limits_differing(self, reply: Reply) -> tuple[str, ...]:
        data = self._data(reply)
        listed = {
            item["model_id"]: item for item in _list(data) if isinstance(item, dict) and isinstance(item.get("model_id"), str)
        }
        platform = catalog().find("wavespeed")
        models = platform.model if platform else ()
        return tuple(
            sentence
            for model in models
            for kind, endpoint in model.endpoints.items()
            for sentence in differences(self.title, model, kind, endpoint, listed.get(endpoint))
        )

    # -------------------------------------------------------------------------------------------------------- replies
    def _data(self, reply: Reply) -> Any:
        """What the envelope `{code, message, data}` holds. Raises our error for every other answer, HTTP 200 or not."""
        try:
            envelope = json_of(reply)
        except ValueError:
            raise error_of(self.title, reply.status, reply.body.decode("utf-8", "replace"), reply.retry_after) from None
        code = envelope.get("code", reply.status)
        if reply.status == 200 and code == 200:
            return envelope.get("data")
        raise self._error(reply, code, envelope.get("message"))

    def _error(self, reply: Reply, code: object, message: object) -> PlatformError:
        if reply.status != 200:
            return error_of(self.title, reply.status, message, reply.retry_after)
        if isinstance(code, int) and 1200 <= code < 1500:  # a task's code: the parameters were refused
            return Rejected(self.title, 400, plain_words(message))
        return error_of(self.title, code if isinstance(code, int) else 500, message, reply.retry_after)


_REFUNDED = "Nothing is charged for it: WaveSpeedAI credits failed jobs back by itself, within about 3 hours"
_UNTOLD = "Whether it was charged shows in your account at WaveSpeedAI; press again to make the set anew."
_FAILED = {
    0: "{platform} could not make this.{said} " + _REFUNDED + ". Press again, or change the words.",
    1200: "{platform}'s content filter refused this. " + _REFUNDED + ". Change the words or the reference images.",
    1400: "{platform} misses a setting in this request.{said} " + _REFUNDED + ". Choose another model or size.",
    1401: "{platform} does not take one of the settings.{said} " + _REFUNDED + ". Choose another size or model.",
    1402: "{platform} could not read a reference image.{said} " + _REFUNDED + ". Press again, or add the image anew.",
    5000: "{platform} had a fault of its own. " + _REFUNDED + ". Press again in a minute.",
    5003: "{platform} was not available. " + _REFUNDED + ". Press again in a minute.",
    5004: "{platform} took too long. " + _REFUNDED + ". Press again in a minute.",
}
"""By the code of a failed task; 0 is for every other."""


def _endpoint(model: Model, grouped: bool, edits: bool) -> str:
    if grouped:
        return model.endpoints["edit_group" if edits else "group"]
    return model.endpoints["edit" if edits else "single"]


def _poll_path(prediction_id: str, data: dict[str, Any]) -> str:
    """The path of `urls.get`, never its host: the key goes to the platform's own alone."""
    urls = data.get("urls")
    url = urls.get("get") if isinstance(urls, dict) else None
    path = re.sub(r"^https?://[^/]*", "", url) if isinstance(url, str) else ""
    sound = _POLL_PATH.fullmatch(path) and prediction_id in path and ".." not in path and "//" not in path
    return path if sound else f"{API}/predictions/{prediction_id}/result"


def _output(item: Any) -> Output:
    """An address, or a file: outputs come as addresses, base64, data URIs, or objects that hold one of these."""
    if isinstance(item, dict):
        names = ("url", "image_url", "b64_json", "base64", "image", "data")
        item = next((item[name] for name in names if isinstance(item.get(name), str)), None)
    if not isinstance(item, str) or not item:
        return None
    if "://" not in item[:12]:
        return inline_picture(item)
    return item if len(item) <= LONGEST_ADDRESS and item.isascii() and item.isprintable() else None


def _inference_seconds(data: dict[str, Any]) -> float | None:
    """In milliseconds under either name; 0 means that it is not known."""
    timings = data.get("timings")
    for value in (timings.get("inference") if isinstance(timings, dict) else None, data.get("executionTime")):
        if isinstance(value, int | float) and 0 < value < LONGEST_JOB:
            return value / 1000
    return None


def _address(data: Any, title: str) -> str:
    url = data.get("download_url") if isinstance(data, dict) else None
    if not isinstance(url, str) or not url:
        raise AnswerLost(title)
    return url


def _is_it(item: dict[str, Any], state: JobState, since: float) -> bool:
    """The same model, prompt, count and size, and not older. What does not tell its inputs is nobody's."""
    inputs = next((item[name] for name in ("inputs", "input") if isinstance(item.get(name), dict)), None)
    found = item.get("id")
    if inputs is None or item.get("model") != state.endpoint or not isinstance(found, str) or not _ID.fullmatch(found):
        return False
    prompt, size = inputs.get("prompt"), inputs.get("size", state.size)
    return (
        isinstance(prompt, str)
        and hashlib.sha256(prompt.encode(errors="surrogatepass")).hexdigest() == state.prompt_sha256
        and inputs.get("max_images", 1) == state.count
        and re.findall(r"\d+", str(size)) == re.findall(r"\d+", state.size)
        and _moment(item.get("created_at")) >= since
    )


def _time(value: object) -> str | None:
    """The text of a time, as it is written there."""
    sound = isinstance(value, str) and len(value) <= LONGEST_TIME and value.isascii() and value.isprintable()
    return str(value) if sound and _moment(value) else None


def _moment(text: object) -> float:
    """Seconds since the epoch; long ago for what is no time."""
    try:
        moment = datetime.fromisoformat(str(text))
    except (ValueError, OverflowError):
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
