"""Whose turn it is: limits are kept, whoever waits is served in fair order, and nobody is passed over for ever."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from seedream_ui.platforms.turns import GATHER, Limits, Turn, Turns, in_line
from tests.platforms.remote_driving import FastClock


class Line:
    """Turns on a clock that need not be waited for. `served` are the names of jobs, in the order of their turns, and when."""

    def __init__(self, concurrent: int = 1, images_per_minute: int | None = None) -> None:
        self.clock = FastClock()
        self.turns = Turns(Limits(concurrent, images_per_minute), self.clock)
        self.served: list[tuple[str, float]] = []
        self.held: dict[str, Turn] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def join(self, name: str, images: int = 1, seconds: float | None = None) -> None:
        """A job of the visitor that is the name's first letter; it keeps its place for so long, None until it is ended."""
        self.tasks[name] = asyncio.create_task(self._take(name, images, seconds))

    async def _take(self, name: str, images: int, seconds: float | None) -> None:
        self.held[name] = await self.turns.take(images, name[0])
        self.served.append((name, self.clock.now()))
        if seconds is not None:
            await self.clock.sleep(seconds)
            self.end(name)

    def end(self, name: str) -> None:
        self.held.pop(name).release()

    async def until_quiet(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def serve_all(self) -> str:
        """Ends whatever holds a place, the oldest first, until all were served; the names in their order."""
        await self.until_quiet()
        while self.held:
            self.end(next(iter(self.held)))
            await self.until_quiet()
        return " ".join(name for name, _ in self.served)

    async def over(self) -> list[str]:
        await asyncio.gather(*self.tasks.values())
        return [name for name, _ in self.served]


# ---------------------------------------------------------------------------------------------------------------- fairness
async def test_somebody_with_many_jobs_does_not_hold_up_somebody_with_one() -> None:
    line = Line(concurrent=2)
    for number in range(6):
        line.join(f"a{number}")
    await line.until_quiet()
    line.join("b0")
    assert await line.serve_all() == "a0 a1 b0 a2 a3 a4 a5"


async def test_who_holds_fewest_places_is_next_then_who_was_served_longest_ago() -> None:
    line = Line(concurrent=3)
    for name in ("a0", "a1", "b0", "a2", "b1", "c0", "a3"):
        line.join(name)
    await line.until_quiet()
    line.end("a0")
    line.end("b0")
    await line.until_quiet()
    assert [name for name, _ in line.served] == ["a0", "a1", "b0", "c0", "b1"]


async def test_one_visitors_jobs_keep_their_order() -> None:
    line = Line()
    names = [f"a{number}" for number in range(9)]
    for name in names:
        line.join(name)
    assert await line.serve_all() == " ".join(names)


async def test_two_with_many_jobs_take_turns() -> None:
    line = Line()
    for name in ("a0", "a1", "a2", "b0", "b1", "b2"):
        line.join(name)
    assert await line.serve_all() == "a0 b0 a1 b1 a2 b2"


async def test_new_visitors_that_come_for_ever_do_not_pass_over_who_waits() -> None:
    line = Line()
    line.join("a0")
    line.join("a1")
    await line.until_quiet()
    for newcomer in "bcdefgh":
        line.join(f"{newcomer}0")
        await line.until_quiet()
        line.end(next(iter(line.held)))
        await line.until_quiet()
    assert "a1" in dict(line.served[:4])


# ------------------------------------------------------------------------------------------------------------------ limits
async def test_no_rolling_minute_has_more_images_than_are_allowed() -> None:
    line = Line(concurrent=3, images_per_minute=10)
    for number in range(25):
        line.join(f"{'ab'[number % 2]}{number}", images=1 + number % 4, seconds=7)
    await line.over()
    images = [(at, 1 + int(name[1:]) % 4) for name, at in line.served]
    for start, _ in images:
        assert sum(count for at, count in images if start <= at < start + 60) <= 10
    assert images[-1][0] <= 60 * (sum(count for _, count in images) / 7)


async def test_a_job_of_more_images_than_a_minute_allows_waits_for_an_unused_minute() -> None:
    line = Line(concurrent=3, images_per_minute=10)
    line.join("a0", seconds=1)
    line.join("a1", images=15, seconds=1)
    line.join("a2", seconds=1)
    await line.over()
    assert line.served == [("a0", 0), ("a1", 60), ("a2", 120)]


async def test_a_large_job_that_waits_for_room_is_not_overtaken_by_small_ones() -> None:
    line = Line(concurrent=3, images_per_minute=10)
    line.join("a0", images=6, seconds=1)
    line.join("b0", images=8, seconds=1)
    await line.until_quiet()
    for name in ("c0", "d0", "e0"):
        line.join(name, seconds=1)
    await line.over()
    assert [name for name, _ in line.served][:2] == ["a0", "b0"]
    assert dict(line.served)["b0"] == 60


async def test_images_of_the_last_minute_that_others_asked_for_count() -> None:
    line = Line(concurrent=3, images_per_minute=10)
    line.turns.count(8, seconds_ago=50)
    line.turns.count(2, seconds_ago=70)
    line.join("a0", images=2, seconds=1)
    line.join("a1", seconds=1)
    await line.over()
    assert line.served == [("a0", 0), ("a1", 10)]


async def test_a_job_that_is_at_the_platform_already_has_its_place_beyond_the_limit() -> None:
    line = Line(concurrent=1)
    first, second = line.turns.hold("a"), line.turns.hold("b")
    line.join("c0")
    for turn in (first, first, second):
        await line.until_quiet()
        assert not line.served
        turn.release()
    await line.until_quiet()
    assert [name for name, _ in line.served] == ["c0"]


# -------------------------------------------------------------------------------------------------------------- cancelling
async def test_a_job_that_is_cancelled_leaves_the_line() -> None:
    line = Line()
    for name in ("a0", "b0", "c0"):
        line.join(name)
    await line.until_quiet()
    line.tasks["b0"].cancel()
    assert await line.serve_all() == "a0 c0"


async def test_a_job_that_is_cancelled_in_the_moment_of_its_turn_gives_it_to_the_next() -> None:
    line = Line()
    for name in ("a0", "b0", "c0"):
        line.join(name)
    await line.until_quiet()
    line.end("a0")  # b has its turn now, and does not know yet
    line.tasks["b0"].cancel()
    assert await line.serve_all() == "a0 c0"
    line.join("d0")
    line.join("e0")
    await line.until_quiet()
    assert list(line.held) == ["d0"]


async def test_a_job_that_waited_for_room_and_is_cancelled_lets_a_smaller_one_through() -> None:
    line = Line(concurrent=3, images_per_minute=10)
    line.join("a0", images=6)
    line.join("b0", images=8)
    line.join("c0", images=2)
    await line.until_quiet()
    line.tasks["b0"].cancel()
    await line.until_quiet()
    assert line.served == [("a0", 0), ("c0", 0)]


async def test_nothing_is_left_of_those_who_went() -> None:
    line = Line(concurrent=2)
    for name in ("a0", "b0", "c0", "c1"):
        line.join(name)
    await line.until_quiet()
    line.tasks["c0"].cancel()
    await line.serve_all()
    assert vars(line.turns)["_visitors"] == {}


# ------------------------------------------------------------------------------------------------------------ what is told
def teller(told: list[tuple[str, int, int]], name: str) -> Callable[[int, int], None]:
    return lambda place, images: told.append((name, place, images))


async def test_each_run_is_told_the_place_of_its_first_job_and_how_many_images_wait() -> None:
    turns, told = Turns(Limits(1, None), FastClock()), list[tuple[str, int, int]]()
    holder = await turns.take(1, "z")
    a, b = teller(told, "a"), teller(told, "b")
    tasks = [asyncio.create_task(turns.take(images, who, tell)) for images, who, tell in ((4, "a", a), (2, "a", a), (1, "b", b))]
    await asyncio.sleep(3 * GATHER)
    assert told == [("a", 1, 6), ("b", 2, 1)]
    holder.release()
    await asyncio.sleep(3 * GATHER)
    assert told[2:] == [("b", 1, 1), ("a", 2, 2)]
    await _cancelled(*tasks)


async def test_a_crowd_that_comes_at_once_is_told_once() -> None:
    turns, told = Turns(Limits(1, None), FastClock()), list[tuple[str, int, int]]()
    await turns.take(1, "z")
    tasks = []
    for who in range(200):
        tell = teller(told, str(who))
        tasks += [asyncio.create_task(turns.take(1, str(who), tell)) for _ in range(15)]
        await asyncio.sleep(0)
    await asyncio.sleep(5 * GATHER)
    assert {who for who, _, _ in told} == {str(who) for who in range(200)}
    assert len(told) <= 5 * 200
    assert sorted(place for _, place, _ in told[-200:]) == list(range(1, 201))
    await _cancelled(*tasks)


async def _cancelled(*tasks: asyncio.Task[Turn]) -> None:
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (1, "Next"),
        (2, "Second"),
        (3, "Third"),
        (10, "Tenth"),
        (11, "11th"),
        (12, "12th"),
        (21, "21st"),
        (33, "33rd"),
        (111, "111th"),
    ],
)
def test_a_place_in_words(place: int, words: str) -> None:
    assert in_line(place) == f"{words} in line"
