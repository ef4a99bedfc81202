"""Where an account allows only so much: whose set is sent next, what those who wait are told, and what a restart leaves."""

import asyncio
from collections.abc import AsyncIterator, Callable

from seedream_ui.platforms.base import Event
from seedream_ui.platforms.remote import Limits
from tests.platforms.remote_driving import Outcome, Stop, Studio, request_of
from tests.platforms.test_remote_resuming import stopped_at

ONE_AT_ONCE = Limits(concurrent=1, images_per_minute=10)


async def seen(what: Callable[[], object]) -> None:
    """Waits until it is so."""
    async with asyncio.timeout(20):
        while not what():  # noqa: ASYNC110 - what a run tells is no event
            await asyncio.sleep(0.01)


class Follower:
    """A set that is made, and what was told of it so far."""

    def __init__(self, studio: Studio, count: int, visitor: str, **changes: object) -> None:
        self.outcome, self.stop = Outcome(), Stop()
        job = studio.job(request_of(count, prompt=f"a kettle for {visitor}", **changes), self.stop, visitor=visitor)
        self.task = asyncio.create_task(self._follow(studio.remote.make(job)))

    async def _follow(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            self.outcome.events.append(event)

    @property
    def line(self) -> list[str]:
        return [sentence for sentence in self.outcome.told if "line" in sentence or "turn" in sentence]


async def three_in_a_line(studio: Studio, count: int) -> tuple[Follower, Follower, Follower]:
    """One that is sent, and two that wait for it, the first of them next."""
    first = Follower(studio, count, "a")
    await seen(lambda: studio.emulator.jobs)
    second = Follower(studio, count, "b")
    await seen(lambda: second.line)
    third = Follower(studio, count, "c")
    await seen(lambda: third.line)
    return first, second, third


async def test_singles_keep_to_the_accounts_limits(studio: Studio) -> None:
    studio.emulator.account(studio.emulator.key, level="bronze")
    studio.emulator.duration = 20
    studio.emulator.clock.scale = 0
    studio.remote = studio.driver(limits=Limits())
    first = [studio.emulator.hold() for _ in range(3)]
    follower = Follower(studio, 15, "a", sequence=False)
    await seen(lambda: follower.line)
    for release in first:
        release.set()
    await follower.task
    assert len(follower.outcome.pictures) == 15
    assert len(studio.emulator.jobs) == studio.emulator.journal.count("submit") == 15  # not one of them was refused
    assert follower.line == [
        "12 images wait for their turn at WaveSpeedAI: an account may have 3 jobs at once and 10 images a minute."
    ]


async def test_those_who_wait_are_told_their_place_as_the_line_moves(studio: Studio) -> None:
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=1000))
    releases = [studio.emulator.hold() for _ in range(3)]
    first, second, third = await three_in_a_line(studio, 2)
    assert (len(second.line), len(third.line)) == (1, 1)
    allowed = "an account may have 1 job at once and 1000 images a minute."
    assert second.line == [f"Next in line at WaveSpeedAI: {allowed}"]
    assert third.line == [f"Second in line at WaveSpeedAI: {allowed}"]
    for release in releases:
        release.set()
    await asyncio.gather(first.task, second.task, third.task)
    assert not first.line
    assert third.line[0] == f"Second in line at WaveSpeedAI: {allowed}"
    assert all(set(follower.outcome.pictures) == {0, 1} for follower in (first, second, third))


async def test_somebodys_many_singles_do_not_hold_up_somebody_elses_one(studio: Studio) -> None:
    studio.remote = studio.driver(limits=Limits(concurrent=2, images_per_minute=1000))
    releases = [studio.emulator.hold() for _ in range(2)]
    many = Follower(studio, 9, "many", sequence=False)
    await seen(lambda: len(studio.emulator.jobs) == 2)
    one = Follower(studio, 1, "one")
    await seen(lambda: one.line)
    assert one.line[0].startswith("Next in line")
    releases[0].set()
    await one.task
    releases[1].set()
    await many.task
    prompts = [request.json["prompt"] for request in studio.emulator.journal.of("submit")]
    assert "for one" in prompts[2]


async def test_a_set_that_is_stopped_in_the_line_leaves_it_and_is_not_sent(studio: Studio) -> None:
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=1000))
    release = studio.emulator.hold()
    first, second, third = await three_in_a_line(studio, 1)
    second.stop.pressed = True
    await second.task
    await seen(lambda: third.line[-1].startswith("Next in line"))
    release.set()
    await asyncio.gather(first.task, third.task)
    assert not second.outcome.filed
    assert len(studio.emulator.jobs) == 2


# ---------------------------------------------------------------------------------------------------------------- restarts
async def test_after_a_restart_a_running_job_has_its_place_and_others_wait(studio: Studio) -> None:
    release = studio.emulator.hold()
    states = await stopped_at(studio, "running")
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=1000))
    resumed = asyncio.create_task(studio.resume(studio.job(request_of(2)), states))
    await seen(lambda: studio.emulator.journal.count("poll") > 2)
    new = Follower(studio, 1, "new")
    await seen(lambda: new.line)
    assert len(studio.emulator.jobs) == 1
    release.set()
    await asyncio.gather(resumed, new.task)
    assert set(new.outcome.pictures) == {0}


async def test_two_running_jobs_are_followed_at_once_even_where_one_is_allowed(studio: Studio) -> None:
    given = request_of(2, sequence=False)
    states = [state.model_copy(update={"state": "running"}) for state in (await studio.make(given)).last.values()]
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=1000))
    assert set((await studio.resume(studio.job(given), states)).pictures) == {0, 1}


async def test_what_was_sent_just_before_a_restart_counts_in_the_minute(studio: Studio) -> None:
    studio.emulator.clock.scale = 0
    given = request_of(9)
    states = list((await studio.make(given)).last.values())
    sent = studio.clock.wall() - (states[0].submitted_at or 0)
    studio.remote = studio.driver(limits=ONE_AT_ONCE)
    studio.remote.claim(state.prediction_id or "" for state in states)
    await studio.resume(studio.job(given), states)
    before = studio.clock.seconds
    await studio.make(request_of(2))
    assert studio.clock.seconds - before >= 60 - sent - 5


async def test_what_this_server_sent_itself_is_not_counted_twice(studio: Studio) -> None:
    studio.emulator.clock.scale = 0
    studio.remote = studio.driver(limits=Limits(concurrent=1, images_per_minute=20))
    given = request_of(9)
    states = list((await studio.make(given)).last.values())
    await studio.look_again(given, states, 0)
    before = studio.clock.seconds
    await studio.make(request_of(9))
    assert studio.clock.seconds - before < 30
