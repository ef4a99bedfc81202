"""The environment, read once."""

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Settings", "settings"]


@dataclass(frozen=True)
class Settings:
    """Where things lie and how long they stay.

    `data_dir` is the one folder this app writes to. Below it only `files/` is served over HTTP, to whoever has an unguessable
    path; `references/` (the content store) and everything else is not. `ephemeral` says that the folder vanishes with the
    machine, as on a Space without a mounted volume.
    """

    data_dir: Path
    keep_days: float
    keep_gb: float
    ephemeral: bool

    @property
    def files(self) -> Path:
        return self.data_dir / "files"

    @property
    def references(self) -> Path:
        return self.data_dir / "references"


@cache
def settings() -> Settings:
    """From `SEEDREAM_DATA_DIR`, `SEEDREAM_KEEP_DAYS`, `SEEDREAM_KEEP_GB` and `SPACE_ID`."""
    chosen = os.environ.get("SEEDREAM_DATA_DIR", "")
    return Settings(
        data_dir=(Path(chosen) if chosen else _user_data() / "seedream-studio").expanduser().resolve(),
        keep_days=float(os.environ.get("SEEDREAM_KEEP_DAYS", "7")),
        keep_gb=float(os.environ.get("SEEDREAM_KEEP_GB", "10")),
        ephemeral=bool(os.environ.get("SPACE_ID")) and not chosen,
    )


def _user_data() -> Path:
    """The user's data folder, by the platform's own rule."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
