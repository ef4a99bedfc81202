"""Runs every benchmark and prints one Markdown table for the README. Run as `python benchmarks/all.py`, or with some names.

A benchmark that leaves no rows behind is quoted with the lines it prints.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from common import ROOT, ROWS_FILE, Row, environment, machine, rows_from

FOLDER = Path(__file__).parent
NAMES = ("start", "page", "load", "overhead", "durable", "renderer", "intake")
HEAD = "| | measured | target | |\n|---|---|---|---|"


def main(names: Sequence[str]) -> int:
    quoted, missed = [], []
    for name in names or NAMES:
        code, lines = outcome(FOLDER / f"{name}.py")
        quoted += lines
        if code:
            missed.append(name)
    print("\n".join([HEAD, *quoted]) + f"\n\nMeasured on {machine()}.")
    if missed:
        print(f"Not within the targets: {', '.join(missed)}", file=sys.stderr)
    return int(bool(missed))


def outcome(script: Path) -> tuple[int, list[str]]:
    """The exit code of a benchmark and its lines of the table; what it prints goes to stderr as well."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.json"
        env = environment(**{ROWS_FILE: str(rows), "SEEDREAM_DATA_DIR": str(Path(folder) / "data")})
        done = subprocess.run([sys.executable, script], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        print(f"{done.stdout}\n", file=sys.stderr, flush=True)
        if rows.exists():
            return done.returncode, [markdown(row) for row in rows_from(rows.read_text("utf-8"))]
    return done.returncode, [f"| {_cell(line)} | | | |" for line in done.stdout.splitlines() if line.strip()]


def markdown(row: Row) -> str:
    """One line of the table; a remark follows what was measured."""
    what, measured, target, verdict, note = (_cell(text) for text in row.cells)
    return f"| {what}{f' ({note})' if note else ''} | {measured} | {target} | {verdict} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", r"\|").split())


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main(sys.argv[1:]))
