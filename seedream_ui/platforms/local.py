"""The built-in renderer as a platform: panels are drawn in threads, a few at a time, and yielded in order."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from seedream_ui.platforms.base import Event, Job, Lost, Picture, Started
from seedream_ui.platforms.sketch import Brief, Stopped, encode, render
from seedream_ui.prompting import context_words, panel_words

__all__ = ["Sketch"]

log = logging.getLogger(__name__)


class Sketch:
    """Draws on this machine. Runs share one pool, each with no more panels in it than there are threads, so they take turns."""

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or max(2, os.cpu_count() or 2)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="sketch")

    async def make(self, job: Job) -> AsyncIterator[Event]:
        brief = await asyncio.to_thread(_brief, job)
        todo = deque(range(job.request.count))
        drawing: deque[tuple[int, asyncio.Future[bytes]]] = deque()
        while todo or drawing:
            while todo and len(drawing) < self._threads:
                index = todo.popleft()
                yield Started(index)
                drawing.append((index, asyncio.get_running_loop().run_in_executor(self._pool, _draw, brief, index, job)))
            index, picture = drawing.popleft()
            try:
                yield Picture(index, await picture)
            except Stopped:
                return
            except Exception:
                log.exception("panel %d could not be drawn", index + 1)
                yield Lost(index, "This panel could not be drawn. Nothing was charged; change its words or vary the set.")


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
