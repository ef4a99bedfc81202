"""Sets made at WaveSpeedAI's emulator."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.emulators.wavespeed import WaveSpeed as Emulator
from tests.platforms.remote_driving import Studio, request_of


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Emulator() as emulator:
        yield Studio(emulator, tmp_path)


async def test_a_sequence_is_one_job_and_all_its_images_come(studio: Studio) -> None:
    outcome = await studio.make(request_of(4))
    assert sorted(outcome.pictures) == [0, 1, 2, 3]
    assert not outcome.lost
    assert studio.emulator.journal.count("submit") == 1
    assert outcome.states == ["intended", "running", "done", "done"]
    assert outcome.charged == Decimal("0.108") == studio.emulator.owner.charged
    assert outcome.last[0].charge_is == "platform"
