"""The app as a program sees it: raw HTTP, no client library."""

import json
from pathlib import Path
from typing import Any

import httpx


class Refused(Exception):
    """The app answered with an error; the text is all that it said."""


class Api:
    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/gradio_api", timeout=120)

    def call(self, name: str, headers: dict[str, str] | None = None, **arguments: Any) -> Any:
        """One call with named arguments: POST, then the stream of events. Gives the outputs."""
        return self._outcome(f"/call/v2/{name}", arguments, headers)

    def call_in_order(self, name: str, *arguments: Any) -> Any:
        """The older form: arguments in the order of the signature."""
        return self._outcome(f"/call/{name}", {"data": arguments}, None)

    def _outcome(self, path: str, body: dict[str, Any], headers: dict[str, str] | None) -> Any:
        started = self.http.post(path, json=body, headers=headers)
        started.raise_for_status()
        stream = self.http.get(f"{path}/{started.json()['event_id']}")
        *_, last = (block for block in stream.text.strip().split("\n\n") if not block.startswith("event: heartbeat"))
        event, data = (line.partition(": ")[2] for line in last.split("\n"))
        if event != "complete":
            raise Refused(json.loads(data)["error"])
        return json.loads(data)

    def generate(self, prompt: str = "", **arguments: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Small images unless another size is asked for."""
        wanted = {"size": "320*256"} if "size" not in arguments and "pro" not in arguments else {}
        images, record = self.call("generate", prompt=prompt, **wanted, **arguments)
        return images, record

    def upload(self, data: bytes, name: str = "photo.jpg") -> dict[str, Any]:
        """A reference for a call, uploaded."""
        answer = self.http.post("/upload", files={"files": (name, data)})
        answer.raise_for_status()
        return {"path": answer.json()[0], "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def file(self, path: Path | str) -> httpx.Response:
        return self.http.get(f"/file={path}")
