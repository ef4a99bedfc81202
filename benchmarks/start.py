"""Cold start to the first page, and resident memory then, against a bare Gradio page. Run as `python benchmarks/start.py`.

Each start is a new process with a fresh data folder; compiled Python files and the system's file cache are warm. App and bare
page take turns, so that a busy machine slows both.
"""

import statistics
import sys
from collections.abc import Callable

from common import Row, Server, megabytes, report, serving

TURNS = 5
SLOWER, LARGER = 1.4, 1.6
KINDS = {
    "app": ("app", "--no-mcp"),
    "bare": ("bare", "--no-mcp"),
    "app+mcp": ("app",),
    "bare+mcp": ("bare",),
}


def main() -> int:
    return report("Cold start to the first page", rows(measured(TURNS)))


def measured(turns: int) -> dict[str, list[Server]]:
    """The starts of each kind; a first round, which compiles and warms the caches, does not count."""
    found: dict[str, list[Server]] = {name: [] for name in KINDS}
    for turn in range(turns + 1):
        for name, arguments in KINDS.items():
            with serving(*arguments) as server:
                if turn:
                    found[name].append(server)
    return found


def rows(found: dict[str, list[Server]]) -> list[Row]:
    return [
        *_pair(found, "app", "bare", "without MCP", SLOWER, LARGER),
        *_pair(found, "app+mcp", "bare+mcp", "with MCP, both", SLOWER, LARGER),
        *_pair(found, "app+mcp", "bare", "as shipped, with MCP, against bare without", None, None),
    ]


def _pair(
    found: dict[str, list[Server]], ours: str, bare: str, name: str, slower: float | None, larger: float | None
) -> list[Row]:
    def row(what: str, unit: str, of: Callable[[Server], float], target: float | None) -> Row:
        first, second = _median(found[ours], of), _median(found[bare], of)
        return Row(f"{what}, {name}", first / second, "×", target, f"{first:.2f} {unit} against {second:.2f} {unit}")

    return [
        row("Start", "s", lambda server: server.seconds, slower),
        row("Start, CPU", "s", lambda server: server.cpu_seconds, None),
        row("Memory", "MB", lambda server: megabytes(server.rss), larger),
    ]


def _median(servers: list[Server], of: Callable[[Server], float]) -> float:
    return statistics.median(of(server) for server in servers)


if __name__ == "__main__":
    sys.exit(main())
