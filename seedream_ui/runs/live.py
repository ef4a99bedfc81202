"""A run in this process: its newest snapshot, and a way to wait for news from whatever event loop."""

import asyncio
import threading
from contextlib import suppress

from seedream_ui.runs.run import Run
from seedream_ui.secret import Secret

__all__ = ["Live"]

Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]


class Live:
    """Changed in one loop only (`update`), followed from any. `key` is here for as long as the process lives, and no longer."""

    def __init__(self, run: Run, key: Secret | None = None) -> None:
        self.run, self.key = run, key
        self.nudged = asyncio.Event()
        """Set when a key was given or a stop was asked for, in the loop that drives the run."""
        self._waiting: list[Waiter] = []
        self._lock = threading.Lock()

    def update(self, run: Run) -> None:
        with self._lock:
            self.run, waiting = run, self._waiting
            self._waiting = []
        for loop, future in waiting:
            with suppress(RuntimeError):  # that loop is closed by now
                loop.call_soon_threadsafe(_wake, future)

    async def newer(self, version: int, seconds: float | None) -> Run:
        """The run as soon as it is newer than `version` or over, or as it is after so many seconds."""
        loop = asyncio.get_running_loop()
        news = loop.create_future()
        with self._lock:
            if self.run.version > version or not self.run.open:
                return self.run
            self._waiting.append((loop, news))
        with suppress(TimeoutError):
            await asyncio.wait_for(news, seconds)
        return self.run


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
