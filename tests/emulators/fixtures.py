"""For a conftest or a test file: `from tests.emulators.fixtures import emulator`."""

from collections.abc import Iterator

import pytest

from tests.emulators.wavespeed import WaveSpeed


@pytest.fixture
def emulator() -> Iterator[WaveSpeed]:
    """WaveSpeedAI, fresh for each test; jobs take 0.05 s."""
    with WaveSpeed() as running:
        yield running
