"""Runs in this process: their newest snapshots, and a way to wait for news from whatever event loop."""

import asyncio
import threading
from collections import OrderedDict
from contextlib import suppress

from seedream_ui.runs.run import Run
from seedream_ui.secret import Secret

__all__ = ["Live", "Memory"]

Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]
ENDED_KEPT = 256
"""Ended runs that are held in memory, for those who still look at them."""


class Live:
    """Changed in one loop only, that of the walks; followed from any. `key` is here while the process lives, and no longer."""

    def __init__(self, run: Run, key: Secret | None = None) -> None:
        self.run, self.key = run, key
        self.gave_up = False
        """Its owner does not want to wait for the key any more."""
        self.nudged = asyncio.Event()
        """Set when a key was given or a stop was asked for."""
        self.recording = asyncio.Lock()
        """Held around every write of its record, so that no older state is written over a newer one."""
        self._waiting: set[Waiter] = set()
        self._lock = threading.Lock()

    def update(self, run: Run) -> None:
        """Replaces the snapshot. Nothing that happens takes a stop back, or what was said about it."""
        if self.run.stopping:
            said = self.run.activity if run.open else None
            run = run.model_copy(update={"stopping": True, "activity": said or run.activity})
        with self._lock:
            self.run, waiting = run, self._waiting
            self._waiting = set()
        for loop, future in waiting:
            with suppress(RuntimeError):  # that loop is closed by now
                loop.call_soon_threadsafe(_wake, future)

    async def newer(self, version: int, seconds: float | None) -> Run:
        """The run as soon as it is newer than `version` or over, or as it is after so many seconds."""
        loop = asyncio.get_running_loop()
        mine = (loop, loop.create_future())
        with self._lock:
            if self.run.version > version or not self.run.open:
                return self.run
            self._waiting.add(mine)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(mine[1], seconds)
        finally:
            with self._lock:
                self._waiting.discard(mine)
        return self.run


class Memory:
    """The runs that go on here (`live`), and the last ones that ended."""

    def __init__(self) -> None:
        self.live: dict[str, Live] = {}
        self._ended: OrderedDict[str, Run] = OrderedDict()

    def get(self, run_id: str) -> Run | None:
        live = self.live.get(run_id)
        return live.run if live else self._ended.get(run_id)

    def begins(self, live: Live) -> None:
        self.live[live.run.id] = live
        self._ended.pop(live.run.id, None)

    def ends(self, last: Run) -> None:
        self._ended[last.id] = last
        while len(self._ended) > ENDED_KEPT:
            self._ended.popitem(last=False)
        self.live.pop(last.id, None)

    def forget(self, run_id: str) -> None:
        self.live.pop(run_id, None)
        self._ended.pop(run_id, None)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
