"""Sketch as a platform: panels in order, the same bytes each time, and an end soon after it is asked to stop."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms.base import Event, Job, Lost, Picture, Started, Told
from seedream_ui.platforms.local import Sketch
from seedream_ui.request import Panel, Reference, SequenceRequest
from tests.conftest import Photo

FOX = SequenceRequest(prompt="a fox", panels=(Panel(text="in spring"), Panel(text="in winter")), count=3)


async def made(job: Job, threads: int = 2) -> list[Event]:
    return [event async for event in Sketch(threads).make(job)]


def job(request: SequenceRequest, root: Path, stopping: list[bool] | None = None, size: tuple[int, int] = (320, 256)) -> Job:
    return Job(request, *size, ContentStore(root), lambda: bool(stopping))


def hashes(events: list[Event]) -> list[str]:
    return [hashlib.sha256(event.data).hexdigest() for event in events if isinstance(event, Picture)]


async def test_every_panel_is_begun_and_drawn_in_order_at_the_size_asked_for(tmp_path: Path) -> None:
    events = await made(job(FOX, tmp_path))
    assert [event.index for event in events if isinstance(event, Started)] == [0, 1, 2]
    assert [event.index for event in events if isinstance(event, Picture)] == [0, 1, 2]
    assert {Image.open(BytesIO(event.data)).size for event in events if isinstance(event, Picture)} == {(320, 256)}


async def test_the_same_request_gives_the_same_bytes_on_any_number_of_threads(tmp_path: Path) -> None:
    assert hashes(await made(job(FOX, tmp_path), 1)) == hashes(await made(job(FOX, tmp_path), 3))
    assert hashes(await made(job(FOX.vary(), tmp_path))) != hashes(await made(job(FOX, tmp_path)))


async def test_captions_are_no_part_of_the_picture(tmp_path: Path) -> None:
    captioned = FOX.model_copy(update={"panels": (Panel(text="in spring", caption="Spring"), FOX.panels[1]), "seed": 5})
    plain = FOX.model_copy(update={"seed": 5})
    assert hashes(await made(job(captioned, tmp_path))) == hashes(await made(job(plain, tmp_path)))


async def test_a_stop_ends_it_with_what_is_drawn_so_far(tmp_path: Path) -> None:
    stopping: list[bool] = []
    events = []
    async for event in Sketch(1).make(job(FOX.model_copy(update={"count": 15}), tmp_path, stopping)):
        events.append(event)
        if isinstance(event, Picture):
            stopping.append(True)
    assert len(hashes(events)) == 1
    assert len([event for event in events if isinstance(event, Started)]) <= 3


async def test_two_runs_share_the_threads_and_take_turns(tmp_path: Path) -> None:
    sketch, order = Sketch(2), []

    async def follow(name: str) -> None:
        eight = FOX.model_copy(update={"count": 8, "prompt": name})
        async for event in sketch.make(job(eight, tmp_path)):
            order.extend([name] * isinstance(event, Picture))

    await asyncio.gather(follow("a fox"), follow("an owl"))
    assert sorted(order) == ["a fox"] * 8 + ["an owl"] * 8
    assert "an owl" in order[:8]


class Followed:
    """A set of one visitor that is drawn in the background, and what was told of it so far."""

    def __init__(self, sketch: Sketch, root: Path, count: int, visitor: str) -> None:
        self.events: list[Event] = []
        self.stopping: list[bool] = []
        given = job(FOX.model_copy(update={"count": count, "panels": ()}), root, self.stopping)
        self.task = asyncio.create_task(self._follow(sketch.make(replace(given, visitor=visitor))))

    async def _follow(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            self.events.append(event)

    @property
    def told(self) -> list[str]:
        return [event.sentence for event in self.events if isinstance(event, Told)]


async def test_somebodys_many_sets_do_not_hold_up_somebody_elses_one(tmp_path: Path) -> None:
    sketch = Sketch(1)
    many = [Followed(sketch, tmp_path, 4, "many") for _ in range(6)]
    while not any(hashes(each.events) for each in many):  # noqa: ASYNC110 - what a set tells is no event
        await asyncio.sleep(0.01)
    one = Followed(sketch, tmp_path, 1, "one")
    await one.task
    assert sum(len(hashes(each.events)) for each in many) < 8
    await asyncio.gather(*(each.task for each in many))
    assert [len(hashes(each.events)) for each in many] == [4] * 6


async def test_a_set_that_waits_is_told_its_place_until_it_is_begun(tmp_path: Path) -> None:
    sketch = Sketch(1)
    crowd = [Followed(sketch, tmp_path, 1, str(visitor)) for visitor in range(30)]
    await asyncio.gather(*(each.task for each in crowd))
    last = crowd[-1]
    begun = next(at for at, event in enumerate(last.events) if isinstance(event, Started))
    assert re.fullmatch(r"In line behind more than [12]0 images: this server draws 1 image at once\.", last.told[0])
    assert last.events[begun - 1] == Told("")
    assert not any(isinstance(event, Told) for event in last.events[begun:])
    assert re.fullmatch(r"\w+ in line: this server draws 1 image at once\.", last.told[-2])
    assert len(set(last.told)) == len(last.told)
    assert not crowd[0].told


async def test_a_set_that_is_stopped_in_the_line_is_not_begun(tmp_path: Path) -> None:
    sketch = Sketch(1)
    crowd = [Followed(sketch, tmp_path, 2, str(visitor)) for visitor in range(12)]
    last = crowd[-1]
    last.stopping.append(True)
    await last.task
    assert not any(isinstance(event, Started) for event in last.events)
    assert sum(each.task.done() for each in crowd) == 1
    await asyncio.gather(*(each.task for each in crowd))
    assert [len(hashes(each.events)) for each in crowd[:-1]] == [2] * 11


async def test_its_threads_serve_one_event_loop_after_another(tmp_path: Path) -> None:
    sketch = Sketch(2)

    async def all_of_it() -> list[Event]:
        return [event async for event in sketch.make(job(FOX, tmp_path))]

    results = [await asyncio.to_thread(asyncio.run, all_of_it()) for _ in range(2)]
    assert hashes(results[0]) == hashes(results[1])


async def test_references_come_from_the_store(tmp_path: Path, photo_of: Photo) -> None:
    data = photo_of("teal")
    store = ContentStore(tmp_path)
    mug = Reference(sha256=store.put(data, "image/jpeg"), media_type="image/jpeg", width=480, height=360, label="the mug")
    with_mug = FOX.model_copy(update={"references": (mug,), "seed": 5})
    events = await made(job(with_mug, tmp_path))
    assert not [event for event in events if isinstance(event, Lost)]
    assert hashes(events) != hashes(await made(job(FOX.model_copy(update={"seed": 5}), tmp_path)))
