"""The environment, read once."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from seedream_ui.secret import Secret

__all__ = ["Settings", "settings"]


@dataclass(frozen=True)
class Settings:
    """Where things lie and how long they stay.

    `data_dir` is the one folder this app writes to. Below it only `files/` is served over HTTP, to whoever has an unguessable
    path; `references/` (the content store) and everything else is not. `ephemeral` says that the folder vanishes with the
    machine, as on a Space without a mounted volume. `operator_keys`, `base_urls` and account `levels` are by platform; caps are
    in US dollars, by UTC day, over all visitors and for each. `database_url` is "" for a file in the data folder; its password
    is a secret. `executor` names this process in the database, "" for a name kept in the data folder.
    """

    data_dir: Path
    keep_days: float
    keep_gb: float
    ephemeral: bool
    on_space: bool = False
    operator_keys: Mapping[str, Secret] = field(default_factory=dict)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    daily_cap_usd: Decimal | None = None
    visitor_cap_usd: Decimal | None = None
    database_url: str = field(default="", repr=False)
    executor: str = ""

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'studio.db'}"

    @property
    def operator_pays(self) -> bool:
        """Whether visitors may use the operator's keys: on a Space, which anybody can reach, only under a daily cap."""
        return not self.on_space or self.daily_cap_usd is not None

    @property
    def files(self) -> Path:
        return self.data_dir / "files"

    @property
    def references(self) -> Path:
        return self.data_dir / "references"


@cache
def settings() -> Settings:
    """From the variables that the README lists. Raises `ValueError` for a number that is none."""
    chosen = os.environ.get("SEEDREAM_DATA_DIR", "")
    return Settings(
        data_dir=(Path(chosen) if chosen else _user_data() / "seedream-studio").expanduser().resolve(),
        keep_days=float(os.environ.get("SEEDREAM_KEEP_DAYS", "7")),
        keep_gb=float(os.environ.get("SEEDREAM_KEEP_GB", "10")),
        ephemeral=bool(os.environ.get("SPACE_ID")) and not chosen,
        on_space=bool(os.environ.get("SPACE_ID")),
        operator_keys={name: Secret(os.environ[f"{name.upper()}_API_KEY"]) for name in _with("_API_KEY")},
        levels={name: os.environ[f"{name.upper()}_LEVEL"].lower() for name in _with("_LEVEL")},
        base_urls={name: os.environ[f"{name.upper()}_BASE_URL"] for name in _with("_BASE_URL")},
        daily_cap_usd=_dollars("SEEDREAM_DAILY_CAP_USD"),
        visitor_cap_usd=_dollars("SEEDREAM_VISITOR_CAP_USD"),
        database_url=os.environ.get("SEEDREAM_DATABASE_URL", ""),
        executor=os.environ.get("SEEDREAM_EXECUTOR_ID", ""),
    )


PAID = ("wavespeed",)
"""Platforms that the environment may speak of: `WAVESPEED_API_KEY`, `WAVESPEED_BASE_URL`, `WAVESPEED_LEVEL`."""


def _with(ending: str) -> list[str]:
    return [name for name in PAID if os.environ.get(name.upper() + ending)]


def _dollars(name: str) -> Decimal | None:
    text = os.environ.get(name, "").strip()
    if text and not re.fullmatch(r"\d+(\.\d+)?", text):
        raise ValueError(f"{name} has to be an amount in US dollars, such as 5 or 2.50.")
    return Decimal(text) if text else None


def _user_data() -> Path:
    """The user's data folder, by the platform's own rule."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
