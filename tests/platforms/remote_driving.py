"""The driver on a leash: requests, a clock that need not be waited for, and what came of a run."""

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms.base import Event, Filed, Job, JobState, Lost, Picture, Started, Told
from seedream_ui.platforms.http import Deadlines, Door
from seedream_ui.platforms.patience import Clock
from seedream_ui.platforms.remote import Limits, Remote, Usual
from seedream_ui.platforms.wavespeed import WaveSpeed
from seedream_ui.request import ExactSize, Reference, SequenceRequest
from seedream_ui.secret import Secret
from seedream_ui.sizing import dimensions
from tests.emulators.wavespeed import WaveSpeed as Emulator

UNLIMITED = Limits(concurrent=100, images_per_minute=10_000)
SMALL = ExactSize(width=1024, height=1024)
QUICK = Deadlines(connect=2, write=2, pool=2, download_read=0.4, download=1.2)


class FastClock(Clock):
    """Sleeps take no time: whoever wakes first moves the clock, the emulator's with it, once nobody else is at work."""

    def __init__(self, emulator: Emulator | None = None) -> None:
        self.seconds, self._start, self._emulator = 0.0, time.time(), emulator
        self._sleepers: list[tuple[float, int]] = []
        self._order = itertools.count()
        self.slept: list[float] = []
        self.when: list[tuple[float, Callable[[], None]]] = []
        """What is to happen at which time."""
        super().__init__(
            now=lambda: self.seconds, wall=lambda: self._start + self.seconds, sleep=self._sleep, jitter=lambda most: most
        )

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def set_by(self, seconds: float) -> None:
        """Our clock on the wall is set forward or back; no time passes."""
        self._start += seconds

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        mine = (self.seconds + seconds, next(self._order))
        heapq.heappush(self._sleepers, mine)
        try:
            while self.seconds < mine[0]:
                await asyncio.sleep(0.003)  # real work of others goes first
                if self._sleepers[0] == mine:
                    self._move(mine[0])
        finally:
            self._sleepers.remove(mine)
            heapq.heapify(self._sleepers)

    def _move(self, to: float) -> None:
        if self._emulator:
            self._emulator.clock.advance(to - self.seconds)
        self.seconds = to
        for at, act in [each for each in self.when if each[0] <= to]:
            self.when.remove((at, act))
            act()


@dataclass
class Outcome:
    """All that a run told, in order."""

    events: list[Event] = field(default_factory=list)

    @property
    def pictures(self) -> dict[int, Picture]:
        return {event.index: event for event in self.events if isinstance(event, Picture)}

    @property
    def lost(self) -> dict[int, str]:
        return {event.index: event.reason for event in self.events if isinstance(event, Lost)}

    @property
    def told(self) -> list[str]:
        return [event.sentence for event in self.events if isinstance(event, Told)]

    @property
    def filed(self) -> list[JobState]:
        return [event.job for event in self.events if isinstance(event, Filed)]

    @property
    def started(self) -> list[int]:
        return [event.index for event in self.events if isinstance(event, Started)]

    @property
    def last(self) -> dict[int, JobState]:
        """The newest state of each job."""
        return {state.number: state for state in self.filed}

    @property
    def charged(self) -> Decimal | None:
        """All jobs' charges, None if one is not known."""
        charges = [state.charged_usd for state in self.last.values()]
        return None if None in charges else sum(filter(None, charges), Decimal())

    @property
    def states(self) -> list[str]:
        return [state.state for state in self.filed]


@dataclass
class Stop:
    """What a person presses."""

    pressed: bool = False

    def __call__(self) -> bool:
        return self.pressed


class Studio:
    """The driver in front of one emulator."""

    def __init__(self, emulator: Emulator, place: Path, **changes: Any) -> None:
        self.emulator, self.store = emulator, ContentStore(place)
        self.clock = FastClock(emulator)
        self.door = Door(clock=self.clock, deadlines=QUICK)
        self.key = Secret(emulator.key)
        self.remote = self.driver(**changes)

    def driver(self, limits: Limits = UNLIMITED, usual: Usual | None = None) -> Remote:
        return Remote(WaveSpeed(), self.emulator.url, self.door, limits, lambda state: usual)

    def job(
        self,
        request: SequenceRequest,
        stop: Callable[[], bool] = Stop(),  # noqa: B008
        key: Secret | None = None,
        visitor: str = "",
    ) -> Job:
        return Job(request, *dimensions(request), self.store, stop, self.key if key is None else key, visitor)

    async def make(self, request: SequenceRequest, **changes: Any) -> Outcome:
        return await self.resume(self.job(request, **changes), ())

    async def resume(self, job: Job, states: Sequence[JobState]) -> Outcome:
        return await heard(self.remote.resume(job, states))

    async def look_again(self, request: SequenceRequest, states: Sequence[JobState], *frames: int) -> Outcome:
        return await heard(self.remote.look_again(self.job(request), states, frames))

    def reference(self, colour: str = "teal", media_type: str = "image/jpeg") -> Reference:
        data = BytesIO()
        Image.new("RGB", (320, 240), colour).save(data, media_type.partition("/")[2].upper())
        return Reference(sha256=self.store.put(data.getvalue(), media_type), media_type=media_type, width=320, height=240)


async def heard(events: AsyncIterator[Event]) -> Outcome:
    return Outcome([event async for event in events])


def request_of(count: int = 4, **changes: Any) -> SequenceRequest:
    given = {"prompt": "a red kettle", "platform": "wavespeed", "size": SMALL}
    return SequenceRequest(**(given | {"count": count} | changes))
