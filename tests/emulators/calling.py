"""The platform's routes as a person with curl would use them."""

from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from tests.emulators.wavespeed import WaveSpeed

V4, V45, V5 = "bytedance/seedream-v4", "bytedance/seedream-v4.5", "bytedance/seedream-v5.0-lite"
MEGAPIXEL = {"prompt": "A red kettle", "size": "1024*1024"}
FOUR = MEGAPIXEL | {"prompt": "Four kettles, one per season", "max_images": 4}


visitor = httpx.Client(timeout=10, verify=False)
"""Somebody without a key. (`verify=False`: a client that need not read certificates is made ten times as fast.)"""


class Caller:
    """One person with one key."""

    def __init__(self, emulator: WaveSpeed, key: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {key or emulator.key}"}
        self.http = httpx.Client(base_url=f"{emulator.url}/api/v3", headers=headers, timeout=10, verify=False)

    def submit(self, model: str = f"{V4}/sequential", **body: Any) -> httpx.Response:
        return self.http.post(f"/{model}", json=body or FOUR)

    def submitted(self, model: str = f"{V4}/sequential", **body: Any) -> str:
        return self.submit(model, **body).raise_for_status().json()["data"]["id"]

    def poll(self, job_id: str) -> dict[str, Any]:
        return self.http.get(f"/predictions/{job_id}/result").raise_for_status().json()["data"]

    def post(self, path: str, **body: Any) -> Any:
        return self.http.post(path, json=body).raise_for_status().json()["data"]

    def balance(self) -> float:
        return self.http.get("/balance").json()["data"]["balance"]


def finished(caller: Caller, emulator: WaveSpeed, model: str = f"{V4}/sequential", **body: Any) -> dict[str, Any]:
    """Submits, lets the job's time pass, and looks."""
    job_id = caller.submitted(model, **body)
    emulator.clock.advance(60)
    return caller.poll(job_id)


def photo(colour: str = "teal", size: tuple[int, int] = (640, 480), form: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, form)
    return buffer.getvalue()


def upload(caller: Caller, data: bytes, name: str = "reference.png") -> str:
    answer = caller.http.post("/media/upload/binary", files={"file": (name, data)})
    return answer.raise_for_status().json()["data"]["download_url"]
