"""The whole app with a paid platform behind it: a loopback WaveSpeedAI, and an app that is told to use it."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.api.programs import Api
from tests.conftest import App, started_app
from tests.emulators.wavespeed import WaveSpeed

CANARY = "wsk-Canary-7f3a9c51e2d84b06"
"""Keys begin with this; it is found wherever it leaks to, since no other text looks like it."""


@pytest.fixture(scope="session")
def platform() -> Iterator[WaveSpeed]:
    with WaveSpeed() as running:
        yield running


@pytest.fixture
def key() -> str:
    """The key of an account that no other test has used: accounts have limits per minute."""
    return f"{CANARY}{secrets.token_hex(4)}"


@pytest.fixture
def wavespeed(platform: WaveSpeed, key: str) -> WaveSpeed:
    """The platform with a fresh account for `key`, and no faults left over."""
    platform.faults.clear()
    platform.journal.clear()
    platform.account(key, balance="100")
    return platform


@pytest.fixture(scope="session")
def paid_app(platform: WaveSpeed) -> Iterator[App]:
    with started_app(WAVESPEED_BASE_URL=platform.url) as app:
        yield app


@pytest.fixture
def api(paid_app: App, wavespeed: WaveSpeed) -> Api:
    return Api(paid_app.url)


@pytest.fixture
def make(api: Api, key: str) -> Callable[..., Any]:
    """`/generate` on the caller's key."""

    def call(**more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        asked = {"prompt": "a red kettle", "platform": "wavespeed", "count": 3, "size": "1024*1024"} | more
        images, record = api.call("generate", **{"headers": {"x-platform-key": key}} | asked)
        return images, record

    return call
