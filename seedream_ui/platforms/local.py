"""The built-in renderer as a platform: panels are drawn in threads, a few at a time, and yielded in order."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from seedream_ui.platforms.base import Event, Job, Lost, Picture, Started, Told
from seedream_ui.platforms.patience import Clock, of_this_loop
from seedream_ui.platforms.sketch import Brief, Stopped, encode, render
from seedream_ui.platforms.turns import Limits, Turns, in_line
from seedream_ui.prompting import context_words, panel_words

__all__ = ["Sketch"]

log = logging.getLogger(__name__)

FAR = (10, 20, 50, 100, 200, 500)
"""Far back in the line a place is told by these alone: with every image drawn it changes for everybody."""


class Sketch:
    """Draws on this machine. Runs share one pool, each with no more panels in it than there are threads; visitors take turns.

    Twice as many panels as threads have a turn, so that no thread waits for the event loop.
    """

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or max(2, os.cpu_count() or 2)
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix="sketch")
        self._turns: dict[asyncio.AbstractEventLoop, Turns] = {}

    async def make(self, job: Job) -> AsyncIterator[Event]:
        brief = await asyncio.to_thread(_brief, job)
        async for event in _Set(self, job, brief).events():
            yield event

    def turns(self) -> Turns:
        """Those of the running event loop."""
        return of_this_loop(self._turns, lambda: Turns(Limits(2 * self.threads, None), Clock()))


class _Set:
    """One set on its way to the page."""

    def __init__(self, sketch: Sketch, job: Job, brief: Brief) -> None:
        self._sketch, self._job, self._brief = sketch, job, brief
        self._turns = sketch.turns()
        self._news: asyncio.Queue[Event | None] = asyncio.Queue()
        self._line, self._begun = "", False

    async def events(self) -> AsyncIterator[Event]:
        self._working = asyncio.create_task(self._work())
        try:
            while event := await self._news.get():
                yield event
        finally:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working

    async def _work(self) -> None:
        todo, panels = deque(range(self._job.request.count)), deque[asyncio.Task[Event]]()
        try:
            while todo or panels:
                while todo and len(panels) < self._sketch.threads:
                    panels.append(asyncio.create_task(self._panel(todo.popleft())))
                self._news.put_nowait(await panels[0])
                panels.popleft()
        except Stopped:
            pass
        finally:
            for panel in panels:
                panel.cancel()
            await asyncio.gather(*panels, return_exceptions=True)
            self._news.put_nowait(None)

    async def _panel(self, index: int) -> Event:
        turn = await self._turns.take(1, self._job.visitor, self._placed)
        try:
            self._begin(index)
            drawing = asyncio.get_running_loop().run_in_executor(self._sketch.pool, _draw, self._brief, index, self._job)
            return Picture(index, await drawing)
        except Stopped:
            raise
        except Exception:
            log.exception("panel %d could not be drawn", index + 1)
            return Lost(index, "This panel could not be drawn. Nothing was charged; change its words or vary the set.")
        finally:
            turn.release()

    def _begin(self, index: int) -> None:
        if self._line and not self._begun:
            self._news.put_nowait(Told(""))
        self._begun = True
        self._news.put_nowait(Started(index))

    def _placed(self, place: int, images: int) -> None:
        """Says how the line has moved, until the first panel is begun; a set that was stopped leaves the line."""
        if self._job.should_stop():
            self._working.cancel()
        far = max((step for step in FAR if step < place), default=0)
        line = f"In line behind more than {far} images" if far else in_line(place)
        if not self._begun and line != self._line:
            self._line = line
            drawn = f"{self._sketch.threads} image{'s' if self._sketch.threads > 1 else ''}"
            self._news.put_nowait(Told(f"{line}: this server draws {drawn} at once."))


def _brief(job: Job) -> Brief:
    request = job.request
    return Brief(
        context=context_words(request),
        panels=panel_words(request),
        sequence=request.sequence,
        seed=request.effective_seed,
        size=(job.width, job.height),
        references=tuple(job.store.open_image(reference) for reference in request.references),
        labels=tuple(reference.label for reference in request.references),
    )


def _draw(brief: Brief, index: int, job: Job) -> bytes:
    return encode(render(brief, index, job.should_stop), brief, index)
