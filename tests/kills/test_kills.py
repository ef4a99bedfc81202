"""Killed with −9 at random moments, the server loses no paid image, pays nothing twice, and its books are the platform's."""

import os
from pathlib import Path

import pytest

from tests.emulators.wavespeed import WaveSpeed
from tests.kills.killing import Killing

LONG = bool(os.environ.get("SEEDREAM_TEST_LONG"))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("database", "kills"), [("sqlite", 20 if LONG else 3), ("postgres", 10 if LONG else 2)])
def test_kills_at_random_moments_lose_nothing(
    database: str, kills: int, tmp_path: Path, emulator: WaveSpeed, request: pytest.FixtureRequest
) -> None:
    emulator.duration = 0.6
    url = "" if database == "sqlite" else request.getfixturevalue("postgres")()
    with Killing(tmp_path, emulator, url, seed=7) as killing:
        while killing.kills < kills:
            killing.round()
        killing.check()
    assert len(emulator.jobs) >= kills  # runs were really under way
