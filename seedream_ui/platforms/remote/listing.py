"""The platform's own list of models against the catalogue: long, of no account, and the same for everybody."""

import asyncio
import logging
from contextlib import suppress

from seedream_ui.errors import PlatformError
from seedream_ui.platforms.http import Line
from seedream_ui.platforms.patience import Clock
from seedream_ui.platforms.seam import HttpPlatform

__all__ = ["Listing"]

log = logging.getLogger(__name__)

FRESH_SECONDS, FAILED_SECONDS = 3600.0, 60.0
"""So long it is not asked for again: after an answer, and after none."""
WAIT_SECONDS = 2.0
"""Nobody who asks waits longer; the question goes on behind, and the next one has its answer."""


class Listing:
    """Asked for one at a time, by whoever comes first, and then known to all."""

    def __init__(self, platform: HttpPlatform, clock: Clock) -> None:
        self._platform, self._clock = platform, clock
        self._known: tuple[str, ...] = ()
        self._again = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def differing(self, line: Line) -> tuple[str, ...]:
        """What the list says otherwise than the catalogue, as far as it is known by now."""
        if self._clock.now() >= self._again:
            self._again = float("inf")
            self._asking = asyncio.create_task(self._ask(line))
        if self._asking and self._asking.get_loop() is asyncio.get_running_loop():
            await asyncio.wait({self._asking}, timeout=WAIT_SECONDS)
        return self._known

    async def _ask(self, line: Line) -> None:
        pause = FAILED_SECONDS
        try:
            with suppress(PlatformError):
                reply = await line.once(self._platform.models())
                self._learn(await asyncio.to_thread(line.read, reply, self._platform.limits_differing))
                pause = FRESH_SECONDS
        finally:
            self._again = self._clock.now() + pause

    def _learn(self, found: tuple[str, ...]) -> None:
        for difference in found:
            if difference not in self._known:
                log.warning("the catalogue and the platform differ: %s", difference)
        self._known = found
