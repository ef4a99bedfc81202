"""What the app adds to WaveSpeedAI, beside the official SDK and beside a small Gradio app built on it, against the emulator.

Run as `python benchmarks/overhead.py`, or with some of `latency`, `asked`, `sessions`. Platform, servers and callers are
processes of their own on the same machine, and take turns within one run, so that a busy machine slows all of them.
"""

import asyncio
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import psutil
import requests
import wavespeed
from client import DEADLINE, Loaded
from common import ROOT, PeakMemory, Row, Server, environment, free_port, megabytes, percentile, report, serving
from overhead_callers import CONNECTIONS, SIZES, ours, parallel, yardstick
from overhead_platform import key

sys.path.insert(0, str(ROOT))

from seedream_ui.platforms.remote import Usual
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script
from tests.platforms.remote_driving import Studio, request_of

HERE = Path(__file__).parent
RUNS = 9
FIRST_BYTE = 0.12
JOB_SECONDS, JITTER = 2.0, 1.0
SHARE = 0.6
SETS = {"4 × 2K": ("2K", 4, 2048), "15 × 4K": ("4K", 15, 4096)}
LONG_JOB, GETS = 70.0, 40
TURNS = 3
SESSION_SECONDS = {60: 8.0, 200: 15.0}
PEAK_MB = 600.0
START_SECONDS = 60.0

Way = Callable[[str, int], Awaitable[int]]
"""Makes a set of a size and count with the first key; gives the bytes that came."""


def main(parts: Sequence[str] = ()) -> int:
    known = {"latency": latency, "asked": asked, "sessions": sessions}
    return report("What the app adds to the platform", [row for part in parts or known for row in known[part]()])


# ---------------------------------------------------------------------------------------------------------- processes
@contextmanager
def platform(**options: float) -> Iterator[str]:
    """The emulator's address, which servers that are started in the block are given too."""
    arguments = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    command = [sys.executable, HERE / "overhead_platform.py", *arguments]
    with ended(subprocess.Popen(command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True)) as process:
        assert process.stdout
        os.environ |= {"WAVESPEED_BASE_URL": (url := process.stdout.readline().strip()), "WAVESPEED_LEVEL": "ultra"}
        yield url


@contextmanager
def yardstick_server(threads: int = 40) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        port = free_port()
        env = environment(GRADIO_SERVER_PORT=str(port), YARDSTICK_THREADS=str(threads), TMPDIR=folder, GRADIO_TEMP_DIR=folder)
        command = [sys.executable, HERE / "overhead_yardstick.py"]
        with ended(subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)) as process:
            url = f"http://127.0.0.1:{port}/"
            wait_for(url)
            yield Server(url, psutil.Process(process.pid), 0, 0, 0)


@contextmanager
def ended(process: "subprocess.Popen[str]") -> "Iterator[subprocess.Popen[str]]":
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=10)


def wait_for(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"{url} did not start")


# ------------------------------------------------------------------------------------------------------------ latency
def latency() -> list[Row]:
    return [row for name in SETS for row in _set(name)]


def _set(name: str) -> list[Row]:
    size, count, side = SETS[name]
    with (
        platform(side=side, first_byte=FIRST_BYTE, seconds=JOB_SECONDS, jitter=JITTER, alike=4) as url,
        serving("app") as app,
        yardstick_server() as other,
    ):
        found = asyncio.run(rounds(url, ways(url, app.url, other.url), size, count))
    return latency_rows(name, found)


def ways(url: str, app: str, other: str) -> dict[str, Way]:
    """What is compared, by the name it has in the table."""

    async def of_app(size: str, count: int) -> int:
        async with caller(app) as client:
            return await parallel(client, await ours(client, 0, size, count))

    async def of_sdk(size: str, count: int) -> int:
        return await asyncio.to_thread(sdk, url, size, count)

    async def of_yardstick(size: str, count: int, keep: bool = True) -> int:
        async with caller(other) as client:
            return await parallel(client, await yardstick(client, 0, size, count, keep))

    async def of_links(size: str, count: int) -> int:
        return await of_yardstick(size, count, keep=False)

    return {"this app": of_app, "SDK": of_sdk, "Gradio on SDK, files": of_yardstick, "Gradio on SDK, links": of_links}


def caller(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=DEADLINE, trust_env=False)


def sdk(url: str, size: str, count: int) -> int:
    """The official client as its own examples use it, and one download after the other."""
    client = wavespeed.Client(api_key=key(0), base_url=url)
    body = {"prompt": "A lighthouse", "size": SIZES[size], "max_images": count}
    made = client.run("bytedance/seedream-v4/sequential", body)
    return sum(len(requests.get(output, timeout=60).content) for output in made["outputs"])


async def rounds(url: str, compared: dict[str, Way], size: str, count: int) -> dict[str, list[float]]:
    """Seconds from the platform's end to the last byte here. A first round, which loads code, does not count."""
    found: dict[str, list[float]] = {name: [] for name in compared}
    for turn in range(RUNS + 1):
        for name, make in compared.items():
            came = await make(size, count)
            over = time.time()
            assert came > count * 900_000, f"{name}: {came} bytes"
            if turn:
                found[name].append(over - finished_at(url))
    return found


def finished_at(url: str) -> float:
    """When the platform had finished the newest job, by its own history."""
    headers = {"Authorization": f"Bearer {key(0)}"}
    told = httpx.post(f"{url}/api/v3/predictions", json={"page": 1, "page_size": 1}, headers=headers).json()
    newest = told["data"]["items"][0]
    return datetime.fromisoformat(newest["created_at"]).timestamp() + newest["executionTime"] / 1000


def latency_rows(name: str, found: dict[str, list[float]]) -> list[Row]:
    """Seconds of each, and the ratio that has the target."""
    medians = {way: statistics.median(seconds) for way, seconds in found.items()}
    spread = {way: f"{min(seconds):.2f} to {max(seconds):.2f} s, {len(seconds)} runs" for way, seconds in found.items()}
    how = f"{1000 * FIRST_BYTE:.0f} ms to each image's first byte, no limit on bandwidth"
    how += f"; SDK one download after the other, others {CONNECTIONS} at once"
    return [
        *(Row(f"{name}, finished until last image here: {way}", medians[way], "s", None, spread[way]) for way in found),
        Row(f"{name}: this app against the SDK", medians["this app"] / medians["SDK"], "×", SHARE, how),
    ]


# --------------------------------------------------------------------------------------------------------------- asked
def asked() -> list[Row]:
    """How often a job is asked after, on a clock that need not be waited for, and how late its end is noticed."""
    return [*_asked("learned median", Usual(LONG_JOB)), *_asked("nothing learned", None)]


def _asked(name: str, usual: Usual | None) -> list[Row]:
    exact, _ = asyncio.run(followed(LONG_JOB, usual))
    around = [asyncio.run(followed(LONG_JOB + step * 1.37, usual)) for step in range(-8, 9)]
    late = statistics.mean(late for _, late in around)
    most = max(gets for gets, _ in around)
    note = f"at most {most} for jobs of 59 to 81 s, whose end is noticed {late:.2f} s late on average"
    return [Row(f"GETs per {LONG_JOB:.0f} s job, {name}", exact, "", GETS, note)]


async def followed(seconds: float, usual: Usual | None) -> tuple[int, float]:
    """The GETs for one job, and how many seconds after its end it was seen to have ended."""
    with tempfile.TemporaryDirectory() as folder, WaveSpeed() as emulator:
        emulator.script(Script(duration=seconds))
        studio = Studio(emulator, Path(folder), usual=usual)
        await studio.make(request_of(1))
        (job,) = emulator.jobs
        seen = emulator.journal.of("poll")[-1].at
        return emulator.journal.count("poll"), seen - (job.finished_at or math.nan)


# ------------------------------------------------------------------------------------------------------------ sessions
def sessions() -> list[Row]:
    with platform(keys=max(SESSION_SECONDS)) as _:
        rows = [row for callers, most in SESSION_SECONDS.items() for row in _ours(callers, most)]
        return [*rows, *_yardstick(40, "its usual 40 threads"), *_yardstick(200, "200 threads")]


def _ours(callers: int, most: float) -> list[Row]:
    with serving("app") as server:
        found, peak = turns("ours", server, callers)
    target = PEAK_MB if callers == max(SESSION_SECONDS) else None
    name = f"{callers} sessions of 4, jobs of 5 s"
    return [
        *session_rows(name, found, most),
        Row(f"{name}: server, peak memory", megabytes(peak), "MB", target),
    ]


def _yardstick(threads: int, kind: str) -> list[Row]:
    with yardstick_server(threads) as server:
        found, _ = turns("yardstick", server, callers := min(SESSION_SECONDS))
    return session_rows(f"{callers} sessions of 4 at the Gradio app on SDK, {kind}", found, None)


def turns(kind: str, server: Server, callers: int) -> tuple[list[Loaded], int]:
    """Several turns against one server, and its peak memory in bytes; a first call, which loads code, comes before."""
    call(kind, server, 1)
    with PeakMemory(server.process) as memory:
        found = [call(kind, server, callers) for _ in range(TURNS)]
    return found, memory.peak


def call(kind: str, server: Server, callers: int) -> Loaded:
    command = [sys.executable, HERE / "overhead_callers.py", kind, server.url, str(callers)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE + 60, check=True)
    return Loaded(**json.loads(answer.stdout))


def session_rows(name: str, found: Sequence[Loaded], most: float | None) -> list[Row]:
    each = [percentile(loaded.seconds or [DEADLINE], 95) for loaded in found]
    p50 = statistics.median(percentile(loaded.seconds or [DEADLINE], 50) for loaded in found)
    errors = [error for loaded in found for error in loaded.errors]
    note = f"p50 {p50:.2f} s; p95 of {len(found)} turns {', '.join(f'{seconds:.1f}' for seconds in each)}"
    return [
        Row(f"{name}: p95", statistics.median(each), "s", most, note),
        Row(f"{name}: errors", len(errors), "", 0 if most else None, errors[0] if errors else ""),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
