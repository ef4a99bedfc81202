"""Runs in a place of the test's own."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from seedream_ui.platforms.base import Platform
from seedream_ui.runs import Runs
from seedream_ui.settings import Settings

MakeRuns = Callable[..., Runs]


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind; "" is the file in the data folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres")())


@pytest.fixture
def runs_on(tmp_path: Path, database_url: str) -> Iterator[MakeRuns]:
    """Runs on a platform, always in the same place: making them again is a restart of the server.

    Money is given in dollars as text: `daily_cap_usd="1.00"`.
    """
    made: list[Runs] = []

    def make(platform: Platform, name: str = "sketch", **changes: Any) -> Runs:
        if made:
            made.pop().close()
        caps = {key: Decimal(value) if key.endswith("_usd") else value for key, value in changes.items()}
        usual = {"keep_days": 7, "keep_gb": 10, "ephemeral": False, "database_url": database_url}
        place = Settings(tmp_path, **(usual | caps))
        made.append(Runs(place, {name: platform}))
        return made[-1]

    yield make
    for runs in made:
        runs.close()
