"""Many people at once, with a stand-in for the renderer that takes five seconds for a set. Run as `python benchmarks/load.py`.

The callers are a process of their own, on the same machine: what they use of it is missing to the server.
"""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from client import DEADLINE, KEYSTROKES, PACE, Loaded
from common import PeakMemory, Row, Server, megabytes, percentile, report, serving

CLIENT = Path(__file__).with_name("client.py")
STANDIN_SECONDS = 5.0
TURNS = 3
GENERATE_SECONDS = {60: 6.0, 200: 8.0}
TYPING_SECONDS = 0.25
FOLLOWING_SECONDS = 8.0


@dataclass(frozen=True)
class Outcome:
    """What the callers saw, and what it cost the server: CPU seconds, and its largest resident size in bytes."""

    loaded: Loaded
    cpu: float
    peak: int

    @property
    def p95(self) -> float:
        return percentile(self.loaded.seconds or [DEADLINE], 95)


def main() -> int:
    return report("Many people at once", [*_generate(60), *_generate(200), *_typing(60), *_following(200)])


def _generate(callers: int) -> list[Row]:
    name = f"{callers} × /generate"
    return _rows(name, outcomes("generate", callers), GENERATE_SECONDS[callers])


def _typing(callers: int) -> list[Row]:
    found = outcomes("typing", callers)
    asked = callers / PACE
    answered = statistics.median(len(outcome.loaded.seconds) / outcome.loaded.wall for outcome in found)
    name = f"{callers} people typing"
    rate = Row(f"{name}: answered", answered, "/s", None, f"of at most {asked:.0f} /s, {KEYSTROKES} keystrokes each")
    return [*_rows(name, found, TYPING_SECONDS), rate]


def _following(callers: int) -> list[Row]:
    return _rows(f"{callers} pages making a set", outcomes("following", callers), FOLLOWING_SECONDS)


def outcomes(kind: str, callers: int) -> list[Outcome]:
    """Several turns against one server; the first calls of a process, which load code, come before."""
    with serving("standin", "--seconds", str(STANDIN_SECONDS)) as server:
        _call(kind, server, 1)
        return [loaded(kind, server, callers) for _ in range(TURNS)]


def loaded(kind: str, server: Server, callers: int) -> Outcome:
    before = server.cpu()
    with PeakMemory(server.process) as memory:
        found = _call(kind, server, callers)
    return Outcome(found, server.cpu() - before, memory.peak)


def _call(kind: str, server: Server, callers: int) -> Loaded:
    command = [sys.executable, CLIENT, kind, server.url, str(callers)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE + 60, check=True)
    return Loaded(**json.loads(answer.stdout))


def _rows(name: str, found: list[Outcome], seconds: float) -> list[Row]:
    errors = [error for outcome in found for error in outcome.loaded.errors]
    p50 = statistics.median(percentile(outcome.loaded.seconds or [DEADLINE], 50) for outcome in found)
    cpu = statistics.median(outcome.cpu / max(len(outcome.loaded.seconds), 1) for outcome in found)
    share = statistics.median(outcome.cpu / outcome.loaded.wall for outcome in found)
    return [
        Row(f"{name}: p95", statistics.median(outcome.p95 for outcome in found), "s", seconds, f"p50 {p50:.2f} s; {TURNS} turns"),
        Row(f"{name}: errors", len(errors), "", 0, errors[0] if errors else ""),
        Row(f"{name}: server, CPU each", 1000 * cpu, "ms", None, f"{share:.0%} of one core while the callers were at it"),
        Row(f"{name}: server, peak memory", megabytes(max(outcome.peak for outcome in found)), "MB"),
    ]


if __name__ == "__main__":
    sys.exit(main())
