"""What the benchmarks share: starting a server to be measured, summing up, and printing numbers beside their targets."""

import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

__all__ = [
    "ROOT",
    "TOLERANCE",
    "PeakMemory",
    "Row",
    "Server",
    "environment",
    "megabytes",
    "number",
    "percentile",
    "report",
    "serving",
]

ROOT = Path(__file__).resolve().parents[1]
SERVE = Path(__file__).with_name("serve.py")
ROWS_FILE = "BENCHMARK_ROWS"
"""Environment variable: where `report` also leaves its rows as JSON, for `all.py`."""
TOLERANCE = 0.15
"""By how much a number may miss its target before the benchmark fails: the machine is rarely ours alone."""
START_SECONDS = 120.0


@dataclass(frozen=True)
class Row:
    """One measured number; a target is the most it may be."""

    what: str
    value: float
    unit: str = ""
    target: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        if self.value <= self.target:
            return "met"
        return "just over" if self.value <= self.target * (1 + TOLERANCE) else "MISSED"

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        target = "" if self.target is None else f"≤ {number(self.target)} {self.unit}".rstrip()
        return self.what, f"{number(self.value)} {self.unit}".rstrip(), target, self.verdict, " ".join(self.note.split())


@dataclass
class Server:
    """A running server: how long its process took to the first page, in seconds and in CPU seconds, and its memory then."""

    url: str
    process: psutil.Process
    seconds: float
    cpu_seconds: float
    rss: int

    def cpu(self) -> float:
        """CPU seconds used so far."""
        return cpu_seconds(self.process)


@dataclass
class PeakMemory:
    """Watches a process while the block runs; `peak` is its largest resident size in bytes."""

    process: psutil.Process
    peak: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "PeakMemory":
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.peak = max(self.peak, self.process.memory_info().rss)
            if self._over.wait(0.02):
                return


@contextmanager
def serving(kind: str, *arguments: str) -> Iterator[Server]:
    """Starts `serve.py` in a fresh data folder and on a free port, waits for its first page, and ends it after the block."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name, (Path(name) / "log").open("w+b") as log:
        url = f"http://127.0.0.1:{(port := free_port())}/"
        env = environment(SEEDREAM_DATA_DIR=str(Path(name) / "data"), GRADIO_SERVER_PORT=str(port))
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, SERVE, kind, *arguments], env=env, stdout=log, stderr=log, cwd=ROOT)
        try:
            yield _first_page(url, psutil.Process(process.pid), started)
        except _NotStarted:
            log.seek(0)
            raise SystemExit(f"{kind} did not start:\n{log.read().decode(errors='replace')[-3000:]}") from None
        finally:
            _end(process)


def environment(**more: str) -> dict[str, str]:
    """The environment of a server: this project's own code, compiled files kept, nothing sent anywhere."""
    ours = {"PYTHONPATH": str(ROOT), "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_SERVER_NAME": "127.0.0.1"}
    without = ("PYTHONDONTWRITEBYTECODE", "SPACE_ID")
    return {name: value for name, value in os.environ.items() if name not in without} | ours | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def megabytes(size: float) -> float:
    return size / 1e6


def number(value: float) -> str:
    """Three figures, without a needless point."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


_LOAD_AT_START = os.getloadavg()[0]


def machine() -> str:
    """What the numbers were measured on, and how busy it was."""
    memory = psutil.virtual_memory().total / 2**30
    load = f"load {_LOAD_AT_START:.1f} before, {os.getloadavg()[0]:.1f} after"
    return f"{os.cpu_count()} cores, {memory:.0f} GB, Python {sys.version.split()[0]}; {load}"


def report(title: str, rows: Sequence[Row]) -> int:
    """Prints the table; gives the exit code: 1 if a target is missed by more than the tolerance."""
    print(f"{title}\n\n{table(rows)}\n\n{machine()}")
    if path := os.environ.get(ROWS_FILE):
        Path(path).write_text(json.dumps({"machine": machine(), "rows": [asdict(row) for row in rows]}), "utf-8")
    return int(any(row.verdict == "MISSED" for row in rows))


def table(rows: Sequence[Row]) -> str:
    cells = [("", "measured", "target", "", ""), *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def rows_from(text: str) -> list[Row]:
    """The rows that a benchmark left behind."""
    found: dict[str, Any] = json.loads(text)
    return [Row(**row) for row in found["rows"]]


class _NotStarted(Exception):
    pass


def _first_page(url: str, process: psutil.Process, started: float) -> Server:
    with httpx.Client(timeout=START_SECONDS) as client:
        while not _is_page(client, url):
            if time.perf_counter() - started > START_SECONDS or process.status() == psutil.STATUS_ZOMBIE:
                raise _NotStarted
            time.sleep(0.01)
    seconds = time.perf_counter() - started
    return Server(url, process, seconds, cpu_seconds(process), process.memory_info().rss)


def _is_page(client: httpx.Client, url: str) -> bool:
    try:
        answer = client.get(url)
    except httpx.TransportError:
        return False
    return answer.status_code == 200 and "<html" in answer.text.lower()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
