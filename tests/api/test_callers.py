"""Whose cap a call counts against: where it came from, whatever it says of that itself, by whichever way."""

import secrets
from collections.abc import Iterator
from typing import Any

import gradio as gr
import httpx
import pytest

from seedream_ui.settings import settings
from seedream_ui.ui.address import Callers, address_of
from tests.api.programs import Api, Refused
from tests.conftest import App, started_app
from tests.emulators.wavespeed import WaveSpeed

ASK = {"prompt": "a red kettle", "platform": "wavespeed", "count": 2, "size": "1024*1024"}


async def seen(client: str, *headers: tuple[str, str]) -> tuple[str, list[tuple[bytes, bytes]]]:
    """The address that the app takes a request from there for, and the headers that reach it."""
    found: list[tuple[bytes, bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.extend(scope["headers"])

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await Callers(app)({"type": "http", "client": (client, 5000), "headers": raw}, None, None)  # type: ignore[arg-type]
    inside = gr.Request(headers={name.decode(): value.decode() for name, value in found})
    return address_of(inside), found


@pytest.mark.parametrize(
    ("client", "address"),
    [
        ("9.9.9.9", "9.9.9.9"),
        ("::ffff:9.9.9.9", "9.9.9.9"),
        ("::FFFF:9.9.9.9", "9.9.9.9"),
        ("2001:db8:1:1::5", "2001:db8:1:1::/64"),
        ("2001:db8:1:1:ffff::1%eth0", "2001:db8:1:1::/64"),
        ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
async def test_an_address_is_its_subscribers(client: str, address: str) -> None:
    assert (await seen(client))[0] == address


async def test_what_a_caller_says_of_its_address_is_not_believed() -> None:
    told = ("x-studio-caller", "0" * 64 + " 8.8.8.8")
    for forged in ([told], [told, told], [("x-forwarded-for", "8.8.8.8")], [("x-studio-caller", "é")]):
        assert (await seen("9.9.9.9", *forged))[0] == "9.9.9.9"


async def test_a_call_that_the_server_makes_again_keeps_its_callers_address() -> None:
    _, headers = await seen("9.9.9.9")
    again = [(name.decode(), value.decode()) for name, value in headers]
    assert (await seen("127.0.0.1", *again, ("x-forwarded-for", "8.8.8.8")))[0] == "9.9.9.9"
    assert (await seen("7.7.7.7", *again, *again))[0] == "7.7.7.7"


async def test_on_a_space_the_proxys_last_word_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "someone/studio")
    settings.cache_clear()
    try:
        assert (await seen("10.0.0.1", ("x-forwarded-for", "8.8.8.8, 9.9.9.9")))[0] == "9.9.9.9"
        assert (await seen("10.0.0.1"))[0] == "10.0.0.1"
    finally:
        settings.cache_clear()


def test_a_call_from_elsewhere_has_no_address() -> None:
    assert address_of(None) == address_of(gr.Request(headers={})) == ""


# ----------------------------------------------------------------------------------------------------------- the whole app
@pytest.fixture(scope="module")
def capped() -> Iterator[App]:
    """An app whose operator pays for two images a day of each visitor."""
    with WaveSpeed() as platform:
        key = f"ws-operator-{secrets.token_hex(4)}"
        platform.account(key, balance="100")
        caps = {"SEEDREAM_DAILY_CAP_USD": "5", "SEEDREAM_VISITOR_CAP_USD": "0.06"}
        with started_app(WAVESPEED_BASE_URL=platform.url, WAVESPEED_API_KEY=key, **caps) as app:
            yield app


def caller_at(app: App, address: str) -> httpx.Client:
    """A program at another address of the loopback network, which no web server takes for a proxy."""
    client = httpx.Client(base_url=f"{app.url}/gradio_api", timeout=60, transport=httpx.HTTPTransport(local_address=address))
    try:
        client.get("/info")
    except httpx.ConnectError:
        pytest.skip("this machine has one loopback address")
    return client


def by_mcp(client: httpx.Client, **headers: str) -> str:
    """What `generate` answers, called as an MCP tool by somebody with a fresh token."""
    own = {"accept": "application/json, text/event-stream", "x-visitor-token": secrets.token_hex(10)} | headers

    def asked(method: str, **params: Any) -> httpx.Response:
        return client.post("/mcp/", json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params}, headers=own)

    about = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}
    if session := asked("initialize", **about).headers.get("mcp-session-id"):
        own["mcp-session-id"] = session
    names = [word for word in asked("tools/list").text.split('"') if word.endswith("generate")]
    return asked("tools/call", name=names[0], arguments=ASK).text


def test_a_caller_by_mcp_has_one_cap_whatever_its_headers_say(capped: App) -> None:
    client = caller_at(capped, "127.0.0.2")
    assert "cost_usd" in by_mcp(client)
    assert "limit of $0.06 for each visitor" in by_mcp(client)
    forged = {"x-forwarded-for": "203.0.113.7", "x-studio-caller": "203.0.113.7"}
    assert "limit of $0.06 for each visitor" in by_mcp(client, **forged)
    assert "cost_usd" in by_mcp(caller_at(capped, "127.0.0.3"))


def test_the_same_caller_by_http_and_mcp_is_one(capped: App) -> None:
    client = caller_at(capped, "127.0.0.4")
    api = Api(capped.url)
    api.http = client
    assert api.call("generate", **ASK, headers={"x-visitor-token": "t" * 20})
    assert "limit of $0.06 for each visitor" in by_mcp(client)
    with pytest.raises(Refused, match=r"limit of \$0\.06 for each visitor"):
        api.call("generate", **ASK, headers={"x-visitor-token": "u" * 20, "x-forwarded-for": "203.0.113.8"})


def test_the_header_is_not_part_of_the_interface(capped: App) -> None:
    for path in ("/info", "/mcp/schema"):
        assert "x-studio-caller" not in httpx.get(f"{capped.url}/gradio_api{path}").text.lower().replace("_", "-")
