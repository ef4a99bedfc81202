"""Platforms that do as they are told, in place of the renderer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from io import BytesIO

from PIL import Image

from seedream_ui.platforms.base import Event, Job, Lost, Picture, Started


def picture(shade: int = 0) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (32, 24), (shade % 256, 90, 120)).save(buffer, "PNG")
    return buffer.getvalue()


async def until(true: Callable[[], object]) -> None:
    """Waits for something that happens in another thread."""
    while not true():  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)


class Gate:
    """Lets so many images through; opened from whatever thread, waited for in whatever event loop."""

    def __init__(self, images: int = 0) -> None:
        self._let = images

    def release(self) -> None:
        self._let += 1

    async def acquire(self, job: Job) -> None:
        while not self._let and not job.should_stop():  # noqa: ASYNC110 - it is opened from another thread
            await asyncio.sleep(0.005)
        self._let -= 1


class Willing:
    """Makes every image, each when it is let: `gate` opens for one image at a time, or for all if there is none."""

    def __init__(self, gate: Gate | None = None) -> None:
        self.gate = gate
        self.jobs = 0

    async def make(self, job: Job) -> AsyncIterator[Event]:
        self.jobs += 1
        for index in range(job.request.count):
            yield Started(index)
            if self.gate:
                await self.gate.acquire(job)
            if job.should_stop():
                return
            yield Picture(index, picture(index))


class Losing:
    """Loses the images at `lost` (from 0), and makes the others."""

    def __init__(self, *lost: int) -> None:
        self.lost = lost

    async def make(self, job: Job) -> AsyncIterator[Event]:
        for index in range(job.request.count):
            yield Lost(index, "It was not allowed.") if index in self.lost else Picture(index, picture(index))


class Exploding:
    """Makes `before` images, then breaks in a way that nobody foresaw."""

    def __init__(self, before: int) -> None:
        self.before = before

    async def make(self, job: Job) -> AsyncIterator[Event]:
        for index in range(self.before):
            yield Picture(index, picture(index))
        raise RuntimeError("secret detail /srv/keys")


class Forgetful:
    """Ends without a word about the images at `missing`, and sends rubbish for those at `rubbish`."""

    def __init__(self, missing: tuple[int, ...] = (), rubbish: tuple[int, ...] = ()) -> None:
        self.missing, self.rubbish = missing, rubbish

    async def make(self, job: Job) -> AsyncIterator[Event]:
        for index in set(range(job.request.count)) - set(self.missing):
            yield Picture(index, b"<html>" if index in self.rubbish else picture(index))
