"""One process owns a data folder at a time, and drives the runs in it under a name that a restart does not change."""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO

from seedream_ui.errors import DataFolderInUse
from seedream_ui.runs.files import write

__all__ = ["Owner"]


class Owner:
    """Holds a data folder until `release`, or until the process ends in whatever way. Raises `DataFolderInUse`.

    `executor` names the process in the database: as the settings say, else by a name that is kept in the folder.
    """

    def __init__(self, folder: Path, executor: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # somebody else's folder, which they let us use
            folder.chmod(0o700)
        self._lock: IO[str] = (folder / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            raise DataFolderInUse(str(folder), self._lock.read().strip()) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        self.executor = executor or _name_in(folder)

    def release(self) -> None:
        self._lock.close()


def _name_in(folder: Path) -> str:
    path = folder / "executor"
    if not path.exists():
        write(path, secrets.token_hex(8).encode(), surely=True)
    return path.read_text("utf-8").strip()
