"""The seam between us and what makes images.

A platform turns a `Job` into events, in any order, each as soon as it is known. It stores nothing, shows nothing and knows no run.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from seedream_ui.imaging.store import ContentStore
from seedream_ui.request import SequenceRequest

__all__ = ["Event", "Job", "LocalPlatform", "Lost", "Picture", "Started"]


@dataclass(frozen=True)
class Job:
    """One checked request, with all that making it needs. `should_stop` is cheap and may be asked from any thread."""

    request: SequenceRequest
    width: int
    height: int
    store: ContentStore
    should_stop: Callable[[], bool]


@dataclass(frozen=True)
class Started:
    """Work on the image at `index` (from 0) has begun."""

    index: int


@dataclass(frozen=True)
class Picture:
    """The image at `index` (from 0), as the bytes of a file."""

    index: int
    data: bytes


@dataclass(frozen=True)
class Lost:
    """The image at `index` will not come; `reason` is a sentence to show in its frame."""

    index: int
    reason: str


Event = Started | Picture | Lost


class LocalPlatform(Protocol):
    """A platform that needs no network."""

    def make(self, job: Job) -> AsyncIterator[Event]:
        """Yields events until all images came or were lost, or soon after `job.should_stop()` turns true."""
        ...
