"""The seam between us and what makes images.

A platform turns a `Job` into events, in any order, each as soon as it is known. It stores nothing, shows nothing and knows of
no run.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from seedream_ui.imaging.store import ContentStore
from seedream_ui.request import SequenceRequest
from seedream_ui.secret import Secret

__all__ = ["Event", "Filed", "Job", "JobState", "Lost", "Picture", "Platform", "Started", "Told"]


@dataclass(frozen=True)
class Job:
    """One checked request, with all that making it needs. `should_stop` is cheap and may be asked from any thread.

    `visitor` is a tag that says whose run it is, so that places can be shared fairly; nobody's are all one visitor's.
    """

    request: SequenceRequest
    width: int
    height: int
    store: ContentStore
    should_stop: Callable[[], bool]
    key: Secret | None = None
    visitor: str = ""


class JobState(BaseModel):
    """What is known of one job at a platform: what has to be kept so that no paid job is lost or sent twice.

    A request is one such job, or one for each image. It holds no key, no path of this server and no prompt.

    `number` counts the request's jobs from 0; `frames` are the indices (from 0) of the images that it makes.
    `state` is `intended` from just before it is sent until an answer is there, then `running` until it is `done` or `failed`;
    `unknown` where the answer was lost and the job could not be found at the platform.
    `poll` is a path at the platform. `outputs` has an address for each image, None for one that came inside the reply.
    `charged_usd` is None until it is known; `charge_is` says by whose word. Times are seconds since the epoch, on our clock,
    but `created_at` is the platform's own word; `clock_ahead` is how many seconds its clock was ahead of ours when the job was
    sent, None where it was not known.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    endpoint: str
    frames: tuple[int, ...]
    prompt_sha256: str
    size: str
    count: int
    state: Literal["intended", "running", "done", "failed", "unknown"] = "intended"
    prediction_id: str | None = None
    poll: str | None = None
    created_at: str | None = None
    submitted_at: float | None = None
    clock_ahead: float | None = None
    outputs: tuple[str | None, ...] | None = None
    flags: tuple[bool, ...] = ()
    error: str | None = None
    price_usd: Decimal
    charged_usd: Decimal | None = None
    charge_is: Literal["platform", "rule"] = "rule"
    queue_seconds: float | None = None
    inference_seconds: float | None = None

    @property
    def seconds(self) -> float | None:
        """From submit to end, where the platform told how long it worked."""
        return None if self.inference_seconds is None else self.inference_seconds + (self.queue_seconds or 0)


@dataclass(frozen=True)
class Started:
    """Work on the image at `index` (from 0) has begun."""

    index: int


@dataclass(frozen=True)
class Picture:
    """The image at `index` (from 0), as the bytes of a file. `flagged` by the platform's safety filter, yet sent."""

    index: int
    data: bytes
    flagged: bool = False


@dataclass(frozen=True)
class Lost:
    """The image at `index` will not come; `reason` is a sentence to show in its frame."""

    index: int
    reason: str


@dataclass(frozen=True)
class Told:
    """What is being done now, as a sentence to show; empty where the last one no longer holds."""

    sentence: str


@dataclass(frozen=True)
class Filed:
    """The newest state of one of the request's jobs. Nothing is sent to the platform until whoever follows has taken this in.

    Whoever follows and could not record it calls `refused`, where there is one, before taking the next event: then this job is
    not sent, and fails alone.
    """

    job: JobState
    refused: Callable[[], None] | None = field(default=None, compare=False, repr=False)


Event = Started | Picture | Lost | Told | Filed


class Platform(Protocol):
    """A place that makes images."""

    def make(self, job: Job) -> AsyncIterator[Event]:
        """Yields events until all images came or were lost, or soon after `job.should_stop()` turns true."""
        ...
