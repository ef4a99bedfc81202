"""Whose turn it is: an account may have so many jobs at once, and so many images a minute."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from seedream_ui.platforms.patience import Clock

__all__ = ["Limits", "Turn", "Turns"]

MINUTE = 60.0


@dataclass(frozen=True)
class Limits:
    """What an account may do. These are WaveSpeedAI's for its lowest level, Bronze (its page on account levels)."""

    concurrent: int = 3
    images_per_minute: int = 10


class Turn:
    """A place among the account's jobs, until `release`; releasing twice does nothing."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._release: Callable[[], None] | None = release

    def release(self) -> None:
        if self._release:
            self._release()
        self._release = None


class Turns:
    """One account's, in one event loop; first come, first served."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits, self._clock = limits, clock
        self._places = asyncio.Semaphore(limits.concurrent)
        self._order = asyncio.Lock()
        self._sent: deque[tuple[float, int]] = deque()  # when, and how many images

    @property
    def free(self) -> bool:
        return not self._places.locked() and not self._order.locked() and self._used() == 0

    async def take(self, images: int) -> Turn:
        """Waits for a place, and until the minute has room. More images than a minute allows wait for an unused one."""
        await self._places.acquire()
        turn = Turn(self._places.release)
        try:
            async with self._order:
                while (used := self._used()) and used + images > self._limits.images_per_minute:
                    await self._clock.sleep(self._sent[0][0] + MINUTE - self._clock.now())
                self._sent.append((self._clock.now(), images))
        except BaseException:
            turn.release()
            raise
        return turn

    def _used(self) -> int:
        """Images of the last minute."""
        while self._sent and self._sent[0][0] <= self._clock.now() - MINUTE:
            self._sent.popleft()
        return sum(images for _, images in self._sent)
