from collections.abc import Iterator

import pytest

from tests.emulators.calling import Caller
from tests.emulators.fixtures import emulator  # noqa: F401 - a fixture
from tests.emulators.wavespeed import WaveSpeed


@pytest.fixture
def time_stands(emulator: WaveSpeed) -> None:  # noqa: F811 - the fixture
    """Jobs take a minute, and time moves only where the test says so."""
    emulator.clock.scale = 0
    emulator.duration = 60


@pytest.fixture
def caller(emulator: WaveSpeed) -> Iterator[Caller]:  # noqa: F811 - the fixture
    caller = Caller(emulator)
    with caller.http:
        yield caller
