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
def replaced(destination: Path, *, surely: bool = False) -> Iterator[Path]:
    """A new file to write beside `destination`; it takes its place when the block ends well, and vanishes if it raises.

    `surely`: so that a power cut leaves the file whole once the block has ended, which takes some milliseconds. Without that it
    may be empty afterwards: for what can be made again.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=TEMPORARY, dir=destination.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if surely:
            _sync(temporary)
        temporary.replace(destination)
        if surely:
            _sync(destination.parent)  # which holds the name
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
