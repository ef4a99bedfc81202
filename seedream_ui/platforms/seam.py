"""The seam between the driver and a platform with an HTTP interface: what the one asks of the other, all of it pure."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from seedream_ui.errors import JobFailed
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import HttpCall, Reply
from seedream_ui.request import SequenceRequest

__all__ = ["HttpPlatform", "Output", "Planned", "Progress", "Ticket", "UploadFile"]

Output = str | bytes | None
"""One image of a reply: an untrusted address, the file itself, or nothing."""


@dataclass(frozen=True)
class Planned:
    """One job of a request, ready to be sent but for its references. `request` gives the options."""

    request: SequenceRequest
    number: int
    endpoint: str
    frames: tuple[int, ...]
    prompt: str
    size: str
    price_usd: Decimal
    grouped: bool

    @property
    def count(self) -> int:
        return len(self.frames)


@dataclass(frozen=True)
class UploadFile:
    """A reference image to bring to the platform."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Progress:
    """A job as a reply tells it. `flags` may be shorter than `outputs`; `created_at` is the platform's own word."""

    state: Literal["queued", "running", "done", "failed"]
    outputs: tuple[Output, ...] = ()
    flags: tuple[bool, ...] = ()
    error: JobFailed | None = None
    created_at: str | None = None
    inference_seconds: float | None = None


@dataclass(frozen=True)
class Ticket:
    """A job that the platform has taken: its id, the path that tells of it, and what is known already."""

    prediction_id: str
    poll: str
    progress: Progress


class HttpPlatform(Protocol):
    """Builds requests and reads replies. Every `read` raises a `PlatformError`; nothing here sends, waits or logs."""

    title: str
    base_url: str
    usual_seconds: float

    def plan(self, request: SequenceRequest, width: int, height: int) -> tuple[Planned, ...]:
        """The jobs that make the request: one, or one for each image."""
        ...

    def submission(self, planned: Planned, images: Sequence[str]) -> HttpCall:
        """The call that starts, and pays for, a job."""
        ...

    def accepted(self, reply: Reply) -> Ticket: ...

    def inquiry(self, poll: str) -> HttpCall: ...

    def progress(self, reply: Reply) -> Progress: ...

    def cancellation(self, state: JobState) -> HttpCall | None:
        """The call that asks the platform to give up a job that it has taken; None where there is no such thing."""
        ...

    def upload(self, file: UploadFile) -> Generator[HttpCall, Reply, str]:
        """Yields calls, is sent their replies, and returns the address by which the platform knows the file."""
        ...

    def history(self, state: JobState, since: float, page: int) -> HttpCall:
        """Asks for the jobs that were created since then, in seconds since the epoch on the platform's clock."""
        ...

    def matches(self, reply: Reply, state: JobState, since: float) -> tuple[tuple[Ticket, ...], bool]:
        """Those jobs that are surely the one lost or its double, oldest first; and whether there is another page."""
        ...

    def billing(self, prediction_ids: Sequence[str]) -> HttpCall: ...

    def charges(self, reply: Reply) -> dict[str, Decimal]:
        """US dollars by prediction id, refunds taken off."""
        ...

    def balance(self) -> HttpCall: ...

    def balance_usd(self, reply: Reply) -> Decimal: ...

    def price(self, planned: Planned) -> HttpCall: ...

    def price_usd(self, reply: Reply) -> Decimal: ...

    def models(self) -> HttpCall: ...

    def limits_differing(self, reply: Reply) -> tuple[str, ...]:
        """Sentences on what the platform's own list of models says otherwise than the catalogue."""
        ...
