"""Whose turn it is: so many jobs at once, and so many images a minute, shared fairly by all who wait."""

import asyncio
import bisect
import heapq
import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from seedream_ui.platforms.patience import Clock

__all__ = ["Limits", "Tell", "Turn", "Turns", "in_line"]

MINUTE = 60.0
GATHER = 0.1
"""Real seconds for which news of the line are gathered: many may come or go at once, and all who wait are told."""

Tell = Callable[[int, int], None]
"""Is told how the line has moved: the place (from 1) of the first job that waits, and how many images wait in all."""


@dataclass(frozen=True)
class Limits:
    """What an account may do; None where the minute has no limit.

    These are WaveSpeedAI's for its lowest level, Bronze (its page on account levels).
    """

    concurrent: int = 3
    images_per_minute: int | None = 10


class Turn:
    """A place among the jobs, until `release`; releasing twice does nothing."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._release: Callable[[], None] | None = release

    def release(self) -> None:
        if release := self._release:
            self._release = None
            release()


@dataclass(eq=False)
class _Visitor:
    """Somebody with jobs that wait or hold a place. `served` grows with each turn: who has the lowest was served longest ago."""

    name: str
    served: tuple[int, int]
    holding: int = 0
    waiting: "deque[_Waiting]" = field(default_factory=deque)


@dataclass(eq=False)
class _Waiting:
    """A job in the line; `number` tells who came first."""

    number: int
    images: int
    visitor: _Visitor
    tell: Tell
    turn: asyncio.Future[Turn]


class Turns:
    """Those of one account, or of one renderer, in one event loop.

    The next turn goes to the visitor with the fewest jobs that hold a place, then to the one who was served longest ago, then to
    who came first; each visitor's jobs keep their order. Who comes new goes before the one who was served last, but not before
    all others: else those who wait could be overtaken by new visitors for ever. The job that is next stays the next until there
    is room for it, so that no large one is overtaken by small ones for ever.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits, self._clock = limits, clock
        self._minute = _Minute(limits.images_per_minute, clock)
        self._visitors: dict[str, _Visitor] = {}
        self._next: _Waiting | None = None
        self._held = self._given = 0
        self._numbers = itertools.count()
        self._alarm: asyncio.Task[None] | None = None
        self._news: asyncio.TimerHandle | None = None

    async def take(self, images: int, visitor: str = "", tell: Tell = lambda place, images: None) -> Turn:
        """Waits for a place, and until the minute has room. More images than a minute allows wait for an unused one."""
        mine, turn = self._visitor(visitor), asyncio.get_running_loop().create_future()
        waiting = _Waiting(next(self._numbers), images, mine, tell, turn)
        mine.waiting.append(waiting)
        self._serve()
        try:
            return await waiting.turn
        except asyncio.CancelledError:
            self._leave(waiting)
            raise

    def hold(self, visitor: str = "") -> Turn:
        """A place at once, beyond the limit if need be: for a job that is at the platform already."""
        return self._place(self._visitor(visitor))

    def count(self, images: int, seconds_ago: float) -> None:
        """Counts images that were asked for without a turn of ours, as before a restart of this server."""
        self._minute.note(images, seconds_ago)

    # -------------------------------------------------------------------------------------------------------- serving
    def _visitor(self, name: str) -> _Visitor:
        return self._visitors.setdefault(name, _Visitor(name, (self._given, 0)))

    def _serve(self) -> None:
        """Gives every turn that can be given, and sees to it that the next is given in time."""
        pause = 0.0
        while not pause and self._held < self._limits.concurrent and (chosen := self._chosen()):
            if not (pause := self._minute.pause(chosen.images)):
                self._give(chosen)
        self._wake(pause)
        if not self._news and any(visitor.waiting for visitor in self._visitors.values()):
            self._news = asyncio.get_running_loop().call_later(GATHER, self._tell)

    def _chosen(self) -> _Waiting | None:
        self._next = next(self._line(), None)
        return self._next

    def _give(self, chosen: _Waiting) -> None:
        self._next = None
        self._given += 1
        self._minute.note(chosen.images)
        chosen.visitor.waiting.remove(chosen)
        chosen.visitor.served = (self._given, 1)
        chosen.turn.set_result(self._place(chosen.visitor))

    def _place(self, visitor: _Visitor) -> Turn:
        self._held += 1
        visitor.holding += 1
        return Turn(lambda: self._free(visitor))

    def _free(self, visitor: _Visitor) -> None:
        self._held -= 1
        visitor.holding -= 1
        self._after(visitor)

    def _leave(self, waiting: _Waiting) -> None:
        """It was cancelled, perhaps in the moment in which it got its turn."""
        if not waiting.turn.cancelled():
            return waiting.turn.result().release()
        waiting.visitor.waiting.remove(waiting)
        return self._after(waiting.visitor)

    def _after(self, visitor: _Visitor) -> None:
        if not visitor.holding and not visitor.waiting:
            del self._visitors[visitor.name]
        self._serve()

    def _wake(self, pause: float) -> None:
        """Serves again after so many seconds, 0 for not at all; the newest word counts."""
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.create_task(self._ring(pause)) if pause else None

    async def _ring(self, pause: float) -> None:
        await self._clock.sleep(pause)
        self._alarm = None
        self._serve()

    # ------------------------------------------------------------------------------------------------------- the line
    def _line(self) -> Iterator[_Waiting]:
        """All that wait, in the order in which they are served if nobody else comes and no place is given back meanwhile."""
        first = self._next if self._next and not self._next.turn.done() else None
        if first:
            yield first
        turns = itertools.count(self._given + 1)
        heads = [head for visitor in self._visitors.values() if visitor.waiting and (head := _head(visitor, first))]
        heapq.heapify(heads)
        while heads:
            holding, _, _, waiting, rest = heads[0]
            yield waiting
            if after := next(rest, None):
                heapq.heapreplace(heads, (holding + 1, (next(turns), 1), after.number, after, rest))
            else:
                heapq.heappop(heads)

    def _tell(self) -> None:
        """Tells everybody once, however many of their jobs wait."""
        self._news = None
        places: dict[Tell, int] = {}
        images: Counter[Tell] = Counter()
        for place, waiting in enumerate(self._line(), 1):
            places.setdefault(waiting.tell, place)
            images[waiting.tell] += waiting.images
        for tell, place in places.items():
            tell(place, images[tell])


_Head = tuple[int, tuple[int, int], int, _Waiting, Iterator[_Waiting]]
"""A visitor's first job that waits, after what decides when it is served; and the others. No two have the same number."""


def _head(visitor: _Visitor, first: _Waiting | None) -> _Head | None:
    """Those that were cancelled, and have not left yet, are left out; so is the one that is first already."""
    rest = (each for each in visitor.waiting if each is not first and not each.turn.done())
    head = next(rest, None)
    holding = visitor.holding + bool(first and first.visitor is visitor)
    return (holding, visitor.served, head.number, head, rest) if head else None


class _Minute:
    """The images of the last minute, of which there may be so many; None for any number."""

    def __init__(self, most: int | None, clock: Clock) -> None:
        self._most, self._clock = most, clock
        self._sent: deque[tuple[float, int]] = deque()  # when, and how many images

    def note(self, images: int, seconds_ago: float = 0.0) -> None:
        if self._most is not None:
            bisect.insort(self._sent, (self._clock.now() - seconds_ago, images))

    def pause(self, images: int) -> float:
        """Seconds until there is room for so many more."""
        if self._most is None:
            return 0.0
        now = room = self._clock.now()
        while self._sent and self._sent[0][0] + MINUTE <= now:
            self._sent.popleft()
        used = sum(count for _, count in self._sent)
        for at, count in self._sent:
            if used + images <= self._most:
                break
            used, room = used - count, at + MINUTE
        return room - now


_PLACES = ("Next", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def in_line(place: int) -> str:
    """A place (from 1) in words: “Third in line”."""
    if place <= len(_PLACES):
        return f"{_PLACES[place - 1]} in line"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending} in line"
