"""Every request that an emulator received, for tests to count and to search. Keys are masked, and told where they were seen."""

import base64
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 10.0


@dataclass
class Received:
    """One request. `keys_in`: the places where an account's key was found, such as `header authorization` or `body`."""

    kind: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    json: Any
    size: int
    at: float
    keys_in: tuple[str, ...] = ()
    keyed: bool = False
    """The platform wants the key here, in `Authorization`, and nowhere else."""
    status: int | None = field(default=None)
    """What it was answered; None while it is not, or if the connection was broken before."""

    @property
    def leaks(self) -> tuple[str, ...]:
        """Places where a key has no business."""
        return tuple(place for place in self.keys_in if not (self.keyed and place == "header authorization"))


class Journal:
    """All requests in the order of their arrival."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self._arrival = threading.Condition()

    def add(self, received: Received) -> None:
        with self._arrival:
            self.requests.append(received)
            self._arrival.notify_all()

    def clear(self) -> None:
        with self._arrival:
            self.requests.clear()

    def of(self, *kinds: str) -> list[Received]:
        return [request for request in list(self.requests) if request.kind in kinds]

    def count(self, *kinds: str) -> int:
        return len(self.of(*kinds))

    @property
    def leaks(self) -> list[Received]:
        return [request for request in list(self.requests) if request.leaks]

    def wait_for(self, kind: str, count: int = 1, timeout: float = PATIENCE) -> list[Received]:
        """Waits (blocking) until so many requests of the kind have come; raises TimeoutError."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: self.count(kind) >= count, timeout):
                raise TimeoutError(f"{self.count(kind)} of {count} {kind!r} requests in {timeout} s")
        return self.of(kind)


def places(keys: Iterable[str], target: str, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
    """Where one of the keys is, plainly or inside base64."""
    forms = [form for key in keys for form in _forms(key)]
    texts = {"url": target} | {f"header {name}": value for name, value in headers.items()}
    found = [place for place, text in texts.items() if any(form in text for form in forms)]
    return (*found, "body") if any(form.encode() in body for form in forms) else tuple(found)


def masked(keys: Iterable[str], text: str) -> str:
    for key in keys:
        text = text.replace(key, "***")
    return text


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:  # UnicodeDecodeError included
        return None


def _forms(key: str) -> list[str]:
    """The key as it is, and what stays of it in base64 at each of the three alignments."""
    shifted = [base64.b64encode(b"\0" * shift + key.encode()).decode() for shift in range(3)]
    return [key, *(text[4 if shift else 0 : len(text) // 4 * 4 - 4] for shift, text in enumerate(shifted))]
