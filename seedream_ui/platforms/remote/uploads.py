"""Reference images at a platform: each content is brought there once, and used again for as long as it is kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Generator

from seedream_ui.errors import AnswerLost, NotAnswering
from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms.http import HttpCall, Line, Reply
from seedream_ui.platforms.seam import HttpPlatform, UploadFile
from seedream_ui.request import Reference

__all__ = ["Uploads"]

KEPT_SECONDS = 7 * 86_400 - 6 * 3_600
"""WaveSpeedAI keeps uploads for 7 days; a job that is sent in the last hours must still find them."""
MOST = 10_000
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png"}


class Uploads:
    """The addresses of what was uploaded, by account and content."""

    def __init__(self, platform: HttpPlatform) -> None:
        self._platform = platform
        self._known: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    def missing(self, references: tuple[Reference, ...], line: Line) -> int:
        """How many of them have to be uploaded."""
        return len({each.sha256 for each in references if not self._address(each.sha256, line)})

    async def addresses(self, references: tuple[Reference, ...], store: ContentStore, line: Line) -> tuple[str, ...]:
        """Their addresses at the platform, in order. Raises a `PlatformError`, or `ReferenceMissing`."""
        distinct = {each.sha256: each for each in references}
        try:
            async with asyncio.TaskGroup() as group:
                tasks = {sha256: group.create_task(self._uploaded(each, store, line)) for sha256, each in distinct.items()}
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        return tuple(tasks[each.sha256].result() for each in references)

    def forget(self, references: tuple[Reference, ...], line: Line) -> None:
        """After the platform said that it cannot read one of them."""
        for each in references:
            self._known.pop(_name(each.sha256, line), None)

    def _address(self, sha256: str, line: Line) -> str | None:
        address, until = self._known.get(_name(sha256, line), ("", 0.0))
        return address if line.clock.wall() < until else None

    async def _uploaded(self, reference: Reference, store: ContentStore, line: Line) -> str:
        if known := self._address(reference.sha256, line):
            return known
        data = await asyncio.to_thread(store.read, reference.sha256)
        # Named by content: what a person calls the file is not the platform's business.
        file = UploadFile(f"{reference.sha256[:16]}.{_SUFFIXES[reference.media_type]}", reference.media_type, data)
        address = await self._sent(file, line)
        self._known[_name(reference.sha256, line)] = (address, line.clock.wall() + KEPT_SECONDS)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return address

    async def _sent(self, file: UploadFile, line: Line) -> str:
        """Walks the platform's own steps, from call to call. No answer here leaves open whether a job was taken."""
        steps = self._platform.upload(file)
        step: HttpCall | str = next(steps)
        try:
            while isinstance(step, HttpCall):
                reply = await line.ask(step, lambda reply: _answered(line.platform, reply))
                step = line.read(reply, lambda reply: _next(steps, reply))
        except AnswerLost:
            raise NotAnswering(line.platform) from None
        return step


def _next(steps: Generator[HttpCall, Reply, str], reply: Reply) -> HttpCall | str:
    """The next call; at the end the file's address."""
    try:
        return steps.send(reply)
    except StopIteration as done:
        return str(done.value)


def _answered(platform: str, reply: Reply) -> Reply:
    """Any reply but a fault of the platform's side, which is worth another try."""
    if reply.status >= 500 or reply.status == 429:
        raise AnswerLost(platform, reply.retry_after)
    return reply


def _name(sha256: str, line: Line) -> tuple[str, str]:
    return (line.key.tag if line.key else "", sha256)
