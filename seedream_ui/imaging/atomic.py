"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["TEMPORARY", "replaced"]

TEMPORARY = ".part"
"""Suffix of a file that is being written; one left behind by a crash can be deleted."""


@contextmanager
def replaced(destination: Path) -> Iterator[Path]:
    """A new file to write beside `destination`; it takes its place when the block ends well, and vanishes if it raises."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=TEMPORARY, dir=destination.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.replace(destination)
    finally:
        temporary.unlink(missing_ok=True)
