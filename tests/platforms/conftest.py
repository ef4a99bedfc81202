"""What the tests of the platforms share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulators.wavespeed import WaveSpeed as Emulator
from tests.platforms.remote_driving import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Emulator() as emulator:
        yield Studio(emulator, tmp_path)
