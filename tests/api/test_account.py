"""What the page is told of the platform's own prices and of a visitor's balance."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seedream_ui.platforms import PLATFORMS
from seedream_ui.platforms.remote import Remote
from seedream_ui.platforms.wavespeed import WaveSpeed
from seedream_ui.ui import server
from tests.emulators.faults import Answer, Fault, Silence, html
from tests.emulators.wavespeed import WaveSpeed as Emulator

DRAFT = {"prompt": "a kettle", "platform": "wavespeed", "count": 2, "size": {"kind": "exact", "width": 1024, "height": 1024}}


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Iterator[Emulator]:
    monkeypatch.delenv("WAVESPEED_API_KEY", raising=False)
    with Emulator() as running:
        monkeypatch.setitem(PLATFORMS, "wavespeed", Remote(WaveSpeed(), running.url))
        yield running


async def told(emulator: Emulator) -> Any:
    """What is shown to a visitor who has given a key."""
    sent = {"session": "s" * 20, "visitor": "v" * 20}
    given = await server.use_key(sent | {"platform": "wavespeed", "key": emulator.key}, None)  # type: ignore[arg-type]
    assert given == {"account": {"balance": "$100.00"}}
    return (await server.account(sent | {"draft": DRAFT}, None))["account"]  # type: ignore[arg-type]


async def test_the_platforms_own_price_and_the_balance_are_told(emulator: Emulator) -> None:
    assert await told(emulator) == {"balance": "$100.00", "price": "$0.054", "usd": 0.054, "differing": ()}


@pytest.mark.parametrize("answer", [Answer(404), Answer(500), html(200), Silence()], ids=repr)
@pytest.mark.parametrize(("kind", "hidden"), [("models", ()), ("price", ("price", "usd")), ("balance", ("balance",))])
async def test_what_the_platform_does_not_tell_hides_nothing_else(
    emulator: Emulator, answer: Any, kind: str, hidden: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ACCOUNT_SECONDS", 1.0)
    sent = await told(emulator)
    PLATFORMS["wavespeed"] = Remote(WaveSpeed(), emulator.url)  # which has not seen the list of models yet
    emulator.faults.push(Fault(kind, answer, times=None))
    started = time.monotonic()
    message = {"session": "s" * 20, "visitor": "v" * 20, "draft": DRAFT}
    found = (await server.account(message, None))["account"]  # type: ignore[arg-type]
    assert found == sent | dict.fromkeys(hidden)
    assert time.monotonic() - started < 4


async def test_an_empty_balance_is_told(emulator: Emulator) -> None:
    await told(emulator)
    emulator.account(emulator.key, balance="0")
    message = {"session": "s" * 20, "visitor": "v" * 20, "draft": DRAFT}
    assert (await server.account(message, None))["account"]["balance"] == "$0.00"  # type: ignore[arg-type]
