"""A paid set that was under way when the server went: it goes on, or waits for its owner's key, and is never sent again."""

import asyncio
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from seedream_ui.errors import KeyMissing, RunNotFound
from seedream_ui.platforms.remote import Remote
from seedream_ui.platforms.wavespeed import WaveSpeed as Adapter
from seedream_ui.request import SequenceRequest
from seedream_ui.runs import Run, Runs, Spender
from seedream_ui.runs.records import Records
from seedream_ui.secret import Secret
from seedream_ui.settings import Settings, settings
from tests.emulators.faults import Fault, Silence, html
from tests.emulators.fixtures import emulator  # noqa: F401
from tests.emulators.wavespeed import WaveSpeed

KETTLE = SequenceRequest(prompt="a red kettle", count=3, platform="wavespeed")
ANNA = Spender("anna-token")
Server = Callable[[], Runs]


@pytest.fixture
def server(tmp_path: Path, emulator: WaveSpeed) -> Iterator[Server]:  # noqa: F811
    """The server's runs; asking again is the server, dropped where it stood and started again."""
    up: list[Runs] = []

    def start() -> Runs:
        if up:
            up.pop().close()
        place = Settings(tmp_path, keep_days=7, keep_gb=1, ephemeral=False)
        up.append(Runs(place, {"wavespeed": Remote(Adapter(), emulator.url)}))
        return up[-1]

    yield start
    for runs in up:
        runs.close()


async def sent(runs: Runs, platform: WaveSpeed, key: str = "", request: SequenceRequest = KETTLE) -> Run:
    """Starts a run, and leaves it as soon as its jobs are at the platform."""
    run = await runs.start(request, key=Secret(key or platform.key), spender=ANNA)
    await asyncio.to_thread(platform.wait_for_jobs, 1)
    return run


async def until(runs: Runs, run_id: str, true: Callable[[Run], bool]) -> Run:
    async with asyncio.timeout(20):
        run = runs.find(run_id, ANNA.visitor)
        while not true(run):
            run = await runs.newer(run_id, run.version, visitor=ANNA.visitor)
        return run


@pytest.mark.parametrize("lost", [False, True], ids=["the job was running", "the answer had not come"])
async def test_waits_for_the_visitors_key_and_goes_on_with_it(server: Server, emulator: WaveSpeed, lost: bool) -> None:  # noqa: F811
    done = emulator.hold()
    if lost:
        emulator.faults.push(Fault("submit", Silence()))
    run = await sent(server(), emulator)
    runs = server()
    waiting = await until(runs, run.id, lambda run: run.needs_key)
    assert "give your WaveSpeedAI key again" in (waiting.activity or "")
    done.set()
    assert await runs.give_key(Secret("another-key"), "wavespeed", ANNA.visitor) == 0
    assert await runs.give_key(Secret(emulator.key), "wavespeed", "somebody-else") == 0
    assert await runs.give_key(Secret(emulator.key), "wavespeed", ANNA.visitor) == 1
    whole = await runs.finish(run.id, ANNA.visitor)
    assert (whole.status, whole.returned, whole.cost_usd) == ("completed", 3, Decimal("0.081"))
    assert len(emulator.jobs) == 1


async def test_takes_another_key_of_the_account_where_its_owner_says_so(server: Server, emulator: WaveSpeed) -> None:  # noqa: F811
    done = emulator.hold()
    run = await sent(server(), emulator)
    emulator.accounts["rotated-key"] = emulator.owner  # a second key of the same account
    runs = server()
    await until(runs, run.id, lambda run: run.needs_key)
    done.set()
    with pytest.raises(KeyMissing):
        await runs.look_again(run.id, visitor=ANNA.visitor)
    await runs.look_again(run.id, Secret("rotated-key"), ANNA.visitor)
    assert (await runs.finish(run.id, ANNA.visitor)).status == "completed"
    assert emulator.journal.count("submit") == 1


async def test_goes_on_at_once_with_the_operators_key(
    server: Server,
    emulator: WaveSpeed,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAVESPEED_API_KEY", emulator.key)
    settings.cache_clear()
    done = emulator.hold()
    runs = server()
    run = await runs.start(KETTLE, spender=ANNA)
    await asyncio.to_thread(emulator.wait_for_jobs, 1)
    runs = server()
    done.set()
    assert (await runs.finish(run.id, ANNA.visitor)).status == "completed"
    settings.cache_clear()


async def test_paid_by_the_operator_is_looked_for_on_the_operators_account(
    server: Server,
    emulator: WaveSpeed,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAVESPEED_API_KEY", emulator.key)
    settings.cache_clear()
    emulator.account("annas-own-key")
    runs = server()
    run = await runs.start(KETTLE, spender=ANNA)
    whole = await runs.finish(run.id, ANNA.visitor)
    runs.files.remove(whole.folder)
    runs = server()
    keys, real = [], Remote.look_again
    monkeypatch.setattr(Remote, "look_again", lambda remote, job, *asked: keys.append(job.key) or real(remote, job, *asked))
    await runs.look_again(run.id, Secret("annas-own-key"), ANNA.visitor)
    assert (await runs.finish(run.id, ANNA.visitor)).returned == 3
    assert keys == [Secret(emulator.key)]
    settings.cache_clear()


async def test_that_had_sent_nothing_can_be_stopped_while_it_waits(server: Server, emulator: WaveSpeed) -> None:  # noqa: F811
    emulator.account(emulator.key, level="bronze")
    runs = server()
    held = [emulator.hold() for _ in range(3)]
    for number in range(3):
        await sent(runs, emulator, request=KETTLE.model_copy(update={"prompt": f"kettle {number}"}))
    await asyncio.to_thread(emulator.wait_for_jobs, 3)
    queued = await runs.start(KETTLE, key=Secret(emulator.key), spender=ANNA)
    runs = server()
    await until(runs, queued.id, lambda run: run.needs_key)
    await runs.stop(queued.id, ANNA.visitor)
    stopped = await runs.finish(queued.id, ANNA.visitor)
    assert (stopped.status, stopped.jobs) == ("cancelled", ())
    assert len(emulator.jobs) == 3
    for event in held:
        event.set()


async def test_stopped_after_it_was_sent_says_that_it_is_paid_and_still_comes(server: Server, emulator: WaveSpeed) -> None:  # noqa: F811
    done = emulator.hold()
    runs = server()
    run = await sent(runs, emulator)
    await until(runs, run.id, lambda run: any(job.state == "running" for job in run.jobs))
    stopped = await runs.stop(run.id, ANNA.visitor)
    assert "already paid, will finish" in (stopped.activity or "")
    assert stopped.stopping
    done.set()
    whole = await runs.finish(run.id, ANNA.visitor)
    assert (whole.status, whole.returned) == ("completed", 3)


async def test_whose_images_are_gone_from_the_disk_fetches_them_again(server: Server, emulator: WaveSpeed) -> None:  # noqa: F811
    runs = server()
    run = await sent(runs, emulator)
    whole = await runs.finish(run.id, ANNA.visitor)
    runs.files.remove(whole.folder)
    runs = server()
    bare = runs.find(run.id, ANNA.visitor)
    assert (bare.returned, len(bare.recoverable)) == (0, 3)
    assert "no longer on this server" in (bare.frames[0].error or "")
    await runs.look_again(run.id, Secret(emulator.key), ANNA.visitor)
    again = await runs.finish(run.id, ANNA.visitor)
    assert [frame.sha256 for frame in again.frames] == [frame.sha256 for frame in whole.frames]
    assert len(emulator.jobs) == 1


async def test_never_takes_a_job_that_belongs_to_another_run(server: Server, emulator: WaveSpeed) -> None:  # noqa: F811
    """Anna's job was lost before it was taken; somebody's of the same words was made at the same moment, on the same account."""
    runs = server()
    emulator.faults.push(Fault("submit", html(502)))
    lost = await runs.start(KETTLE, key=Secret(emulator.key), spender=ANNA)
    await asyncio.to_thread(emulator.journal.wait_for, "submit")
    other = await runs.start(KETTLE, key=Secret(emulator.key), spender=Spender("ben-token"))
    await runs.finish(other.id, "ben-token")
    runs = server()
    await until(runs, lost.id, lambda run: run.needs_key)
    await runs.give_key(Secret(emulator.key), "wavespeed", ANNA.visitor)
    found = await runs.finish(lost.id, ANNA.visitor)
    assert (found.status, found.returned) == ("unknown", 0)


async def test_whose_intent_cannot_be_recorded_sends_nothing_and_says_so(
    server: Server,
    emulator: WaveSpeed,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs, real = server(), Records.put
    tries = iter([False, True, True])

    def put(self: Records, run: Run, surely: bool = False) -> None:
        if surely and next(tries):
            raise OSError("disk full")
        real(self, run, surely)

    monkeypatch.setattr(Records, "put", put)
    three = KETTLE.model_copy(update={"sequence": False})
    run = await runs.start(three, key=Secret(emulator.key), spender=ANNA)
    done = await runs.finish(run.id, ANNA.visitor)
    assert (done.status, done.returned, done.cost_usd) == ("partial", 1, Decimal("0.027"))
    assert len(emulator.jobs) == 1
    assert sum("could not record the job" in (frame.error or "") for frame in done.frames) == 2


async def test_on_an_own_key_is_never_looked_for_on_the_operators_account(
    server: Server,
    emulator: WaveSpeed,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = server()
    emulator.faults.push(Fault("output", html(500), times=None))
    run = await sent(runs, emulator)
    await runs.finish(run.id, ANNA.visitor)
    monkeypatch.setenv("WAVESPEED_API_KEY", "operator-key")
    settings.cache_clear()
    with pytest.raises(KeyMissing):
        await runs.look_again(run.id, None, ANNA.visitor)
    settings.cache_clear()


async def test_that_waits_for_a_key_ends_when_its_owner_gives_it_up(server: Server, emulator: WaveSpeed) -> None:  # noqa: F811
    done = emulator.hold()
    run = await sent(server(), emulator)
    runs = server()
    await until(runs, run.id, lambda run: run.needs_key)
    await runs.stop(run.id, ANNA.visitor)
    given_up = await runs.finish(run.id, ANNA.visitor)
    assert (given_up.status, given_up.open, given_up.recoverable) == ("unknown", False, (0, 1, 2))
    done.set()
    await runs.look_again(run.id, Secret(emulator.key), ANNA.visitor)
    assert (await runs.finish(run.id, ANNA.visitor)).status == "completed"


async def test_is_found_by_its_owner_alone(server: Server, emulator: WaveSpeed) -> None:  # noqa: F811
    run = await sent(server(), emulator)
    runs = server()
    for visitor in ("", "somebody-else"):
        with pytest.raises(RunNotFound):
            runs.find(run.id, visitor)
    assert runs.find(run.id, ANNA.visitor).id == run.id


async def test_leaves_no_key_in_the_database(server: Server, emulator: WaveSpeed, tmp_path: Path) -> None:  # noqa: F811
    run = await sent(runs := server(), emulator)
    await runs.finish(run.id, ANNA.visitor)
    server()
    written = await asyncio.to_thread(everything_below, tmp_path)
    assert emulator.key.encode() not in written
    assert ANNA.visitor.encode() not in written


def everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
