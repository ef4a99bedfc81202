"""A prediction: what was asked, how it will go, and how it looks at a moment."""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from tests.emulators import pictures
from tests.emulators.wavespeed_rules import COMPLETED, CREATED, FAILED, PROCESSING, STATUS_ERRORS, TASK_ERRORS


@dataclass(frozen=True)
class Script:
    """How a job goes. The default: it takes the emulator's `duration` and returns what was asked for.

    Times are seconds on the emulator's clock, indices of images count from 0.
    """

    status: str = COMPLETED
    """How it ends: completed, failed, cancelled, timeout, deleted, or anything else."""
    code: int | None = None
    error: str | None = None
    returned: int | None = None
    """How many images come back, fewer or more than asked for."""
    flags: tuple[bool, ...] = ()
    """`has_nsfw_contents`, image by image; the rest is False."""
    blank: tuple[int, ...] = ()
    """Images that come back all black."""
    pictures: Mapping[int, bytes] = field(default_factory=dict)
    """Files to serve instead of the usual ones."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the finished prediction that are told otherwise: {"outputs": ["http://10.0.0.1/1.jpeg"]}."""
    duration: float | None = None
    until: threading.Event | None = None
    """It goes on until this is set, however long that takes."""
    queued: float = 0
    """So long it stays `created` before it is `processing`."""
    late: float = 0
    """The platform takes the submit in only after so long: until then it is in no list, and not charged."""
    null_polls: int = 0
    """So many first polls answer `data: null`."""
    odd_status: str = "pending"
    odd_polls: int = 0
    """So many polls (after those) tell `odd_status`."""


@dataclass(eq=False)
class Job:
    """One prediction. Its status is a function of time; what has ended stays as it ended."""

    model: str
    body: Mapping[str, Any]
    script: Script
    size: tuple[int, int]
    cost: Decimal
    created_at: float
    duration: float
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    started_at: float | None = None
    finished_at: float | None = None
    status: str = CREATED
    polls: int = 0
    taken: bool = False
    """It has been charged and is in the history."""

    @property
    def images(self) -> int:
        """How many were asked for."""
        return int(self.body.get("max_images", 1))

    @property
    def count(self) -> int:
        """How many come back."""
        return self.images if self.script.returned is None else self.script.returned

    @property
    def format(self) -> str:
        return str(self.body.get("output_format", "jpeg"))

    @property
    def ended(self) -> bool:
        return self.finished_at is not None

    @property
    def flags(self) -> list[bool]:
        return [at < len(self.script.flags) and self.script.flags[at] for at in range(self.count)]

    @property
    def code(self) -> int | None:
        """The task's code; there is one on a failed task."""
        return self.script.code or (1405 if self.status == FAILED else None)

    @property
    def error(self) -> str:
        if self.status == COMPLETED or not self.ended:
            return ""
        if self.script.error is not None:
            return self.script.error
        return TASK_ERRORS.get(self.code or 0) or STATUS_ERRORS.get(self.status, "")

    @property
    def execution_ms(self) -> int:
        return round(((self.finished_at or 0) - (self.started_at or 0)) * 1000) if self.status == COMPLETED else 0

    def look(self, now: float) -> Self:
        """Brings the status up to now."""
        if self.ended or self.started_at is None or now < self.started_at:
            return self
        self.status = PROCESSING
        end = self._end_seen(self.started_at, now)
        if end is not None:
            self._end(end, self.script.status)
        return self

    def _end_seen(self, started_at: float, now: float) -> float | None:
        if self.script.until is not None:
            return now if self.script.until.is_set() else None
        over = started_at + self.duration
        return over if over <= now else None

    def delete(self, now: float) -> None:
        self._end(self.finished_at or now, "deleted")

    def _end(self, at: float, status: str) -> None:
        self.finished_at, self.status = at, status

    def picture(self, index: int) -> bytes:
        """The file that is served for an image (from 0); each of its own."""
        if index in self.script.pictures:
            return self.script.pictures[index]
        if index in self.script.blank:
            return pictures.blank(*self.size)
        draw = pictures.png if self.format == "png" else pictures.jpeg
        return draw(*self.size, *self.colours(index))

    def colours(self, index: int) -> tuple[pictures.Colour, pictures.Colour]:
        """The two bands by which an image is told: its own colour, and its prompt's."""
        return pictures.colour_of(f"{self.id}/{index}"), pictures.colour_of(str(self.body["prompt"]))
