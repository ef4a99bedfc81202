"""Kills a server at random moments of its runs, starts it again, and looks whether anything paid was lost or paid twice."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from seedream_ui.request import SequenceRequest
from seedream_ui.runs import Run, Runs
from seedream_ui.settings import Settings
from tests.conftest import PROJECT
from tests.emulators.wavespeed import WaveSpeed
from tests.kills.server import VISITOR

END_SECONDS = 90


class Killing:
    """One place, one platform, any number of kills."""

    def __init__(self, place: Path, platform: WaveSpeed, database_url: str = "", seed: int = 0, prompt: str = "kettle") -> None:
        self.place, self.platform, self.database_url = place, platform, database_url
        self.random, self.prompt = random.Random(seed), prompt
        self._processes: list[subprocess.Popen[bytes]] = []
        self.orders: list[dict[str, str]] = []
        self.kills = 0
        self.survived: list[str] = []
        """What the runs were at when the server was killed: `before`, `sent`, `over`."""

    def round(self, presses: int = 2) -> None:
        """New presses, a kill somewhere on their way, sometimes another one, and all of them to the end."""
        self.order(presses)
        for _ in range(self.random.choice((1, 1, 2))):
            self.kill(self.random.uniform(0.0, 1.6))
        self.finish()

    def order(self, presses: int, sequence: bool | None = None) -> None:
        """Presses of all kinds, or with Seq on or off; they are made when the server is started."""
        for _ in range(presses):
            number, seq = len(self.orders), self.random.random() < 0.7 if sequence is None else sequence
            count, words = self.random.randint(1, 4), f"{self.prompt} {number}"
            request = SequenceRequest(prompt=words, platform="wavespeed", count=count, sequence=seq)
            self.orders.append({"press": f"{self.prompt}-{number}", "request": request.model_dump_json()})
        lines = "".join(json.dumps(order) + "\n" for order in self.orders)
        (self.place / "orders.jsonl").write_text(lines, "utf-8")

    def kill(self, after: float) -> None:
        """Starts the server, and kills it so many seconds after it has come up."""
        server, before = self.started(), len(self.platform.jobs)
        assert server.stdout is not None
        assert server.stdout.readline() == b"up\n"
        time.sleep(after)
        server.send_signal(signal.SIGKILL)
        said = server.stdout.read()
        server.wait()
        self.kills += 1
        self.survived.append("over" if said else "sent" if len(self.platform.jobs) > before else "before")

    def finish(self) -> None:
        """Starts the server and waits until every run is over."""
        server = self.started()
        assert server.wait(END_SECONDS) == 0, (self.place / "server.log").read_text("utf-8")

    def started(self) -> "subprocess.Popen[bytes]":
        own = {
            "SEEDREAM_DATA_DIR": str(self.place / "data"),
            "SEEDREAM_DATABASE_URL": self.database_url,
            "WAVESPEED_API_KEY": self.platform.key,
            "WAVESPEED_BASE_URL": self.platform.url,
            "WAVESPEED_LEVEL": "ultra",
        }
        command = [sys.executable, "-m", "tests.kills.server", str(self.place / "orders.jsonl")]
        with (self.place / "server.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=log)
        self._processes.append(process)
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves no server behind, whatever failed."""
        for process in self._processes:
            process.kill()
            process.wait()

    # ------------------------------------------------------------------------------------------------ what has to be true
    def check(self) -> None:
        """Every image that the platform made is shown exactly once, no job was sent twice, and the books agree."""
        with self._opened() as runs:
            found = [entry.run for entry in runs.history.page(VISITOR, 10_000)]
            totals = runs.history.totals(VISITOR)
            shown = Counter(_hash(data) for run in found for data in _images(runs, run))
        made = Counter(_hash(job.picture(i)) for job in self.platform.jobs for i in range(job.count))
        assert len(found) == len(self.orders), "one run for each press"
        assert shown == made, f"{len(shown - made)} images too many, {len(made - shown)} lost"
        assert all(len(self._jobs_of(run)) <= (1 if run.request.sequence else run.request.count) for run in found)
        assert all(run.status in ("completed", "unknown") for run in found), Counter(run.status for run in found)
        charged = sum((job.charged_usd or Decimal(0) for run in found for job in run.jobs), Decimal(0))
        assert charged == self.platform.owner.charged, "by the platform's own ledger"
        assert totals.ever == sum((_charged(run) for run in found), Decimal(0)), "each set whose jobs are all known"

    def found(self) -> list[Run]:
        """What the visitor has."""
        with self._opened() as runs:
            return [entry.run for entry in runs.history.page(VISITOR, 10_000)]

    @contextmanager
    def _opened(self) -> Iterator[Runs]:
        settings = Settings(self.place / "data", keep_days=7, keep_gb=10, ephemeral=False, database_url=self.database_url)
        runs = Runs(settings, {})
        try:
            yield runs
        finally:
            runs.close()

    def _jobs_of(self, run: Run) -> list[Any]:
        prompts = set(run.prompts)
        return [job for job in self.platform.jobs if job.body["prompt"] in prompts]


def _images(runs: Runs, run: Run) -> list[bytes]:
    folder = runs.files.folder(run.folder)
    return [(folder / frame.file).read_bytes() for frame in run.frames if frame.file and frame.state == "done"]


def _charged(run: Run) -> Decimal:
    return run.cost_usd if run.cost_is == "charged" and run.status != "unknown" else Decimal(0)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
