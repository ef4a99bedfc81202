"""Downloads from addresses that nobody vouches for."""

import gzip
import json
from io import BytesIO
from typing import Any

import httpcore
import pytest
from PIL import Image

from seedream_ui.errors import AddressRefused, AnswerLost, DownloadFailed, DownloadRefused
from seedream_ui.platforms import download, guard
from seedream_ui.platforms.download import whole_picture
from seedream_ui.platforms.guard import is_public, suspect
from seedream_ui.platforms.http import Deadlines, Door, HttpCall
from seedream_ui.platforms.patience import Clock
from tests.emulators.faults import Answer, Fault, redirect
from tests.emulators.wavespeed import WaveSpeed as Emulator

TRUSTED = {("127.0.0.1", 8000)}


async def at_once(seconds: float) -> None:
    """Waits for nothing."""


def picture(kind: str = "PNG") -> bytes:
    data = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"])
def test_the_public_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2002:a9fe:a9fe::",
        "2001:0:7f00:1::",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff0e::1",
        "2001:db8::1",
        "localhost",
        "",
    ],
)
def test_not_the_public_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("url", ["https://images.test/1.png", "https://8.8.8.8:8443/x", "http://127.0.0.1:8000/out/1"])
def test_addresses_that_may_be_tried(url: str) -> None:
    assert not suspect(url, TRUSTED)


@pytest.mark.parametrize(
    "url",
    [
        "http://images.test/1.png",
        "http://127.0.0.1:8001/",
        "http://localhost:8000/",
        "http://127.0.0.1:8000@evil.test/",
        "https://user:pass@images.test/",
        "file:///etc/passwd",
        "ftp://images.test/",
        "gopher://127.0.0.1:8000/",
        "//images.test/x",
        "https://",
        "https://images.test:99999/",
        "https://[::1",
        "data:image/png;base64,xxxx",
        "",
    ],
)
def test_addresses_that_may_not(url: str) -> None:
    assert suspect(url, TRUSTED)


@pytest.fixture
def emulator() -> Any:
    with Emulator() as running:
        yield running


def line_of(emulator: Emulator, **deadlines: float) -> Any:
    door = Door(Clock(sleep=at_once), Deadlines(**deadlines))
    return door.line("Acme", emulator.url)


def serving(emulator: Emulator, *actions: Any) -> str:
    """An address at the emulator that behaves like this."""
    emulator.faults.push(*(Fault("output", action) for action in actions))
    return f"{emulator.url}/out/0/1.png"


async def test_a_picture_comes_by_up_to_five_redirects(emulator: Emulator) -> None:
    url = f"{emulator.url}/out/0/1.png"
    assert await download.picture(line_of(emulator), serving(emulator, *[redirect(url)] * 5, Answer(200, picture()))) == picture()


async def test_a_circle_is_left(emulator: Emulator) -> None:
    with pytest.raises(DownloadRefused, match="leads in circles"):
        await download.picture(line_of(emulator), serving(emulator, *[redirect("/out/0/1.png")] * 6))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{other}/",
        "https://localhost:{port}/out/0/1.png",
        "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/",
        "https://10.0.0.1/",
    ],
)
async def test_only_the_trusted_origin_of_this_machine_is_reached(emulator: Emulator, url: str) -> None:
    port = int(emulator.url.rpartition(":")[2])
    given = url.format(port=port, other=port + 1)
    line = line_of(emulator)
    with pytest.raises(DownloadRefused, match=r"made and charged.*can be trusted"):
        await download.picture(line, given)
    with pytest.raises(AddressRefused, match="Nothing was charged"):
        await line.once(HttpCall("PUT", given, content=b"x", foreign=True))
    assert not emulator.journal.requests


async def test_a_name_that_leads_inside_is_not_followed(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    async def inside(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "10.0.0.1"]

    monkeypatch.setattr(guard, "_resolved", inside)
    with pytest.raises(DownloadRefused):
        await download.picture(line_of(emulator), "https://images.test/1.png")


class Backend(httpcore.AsyncNetworkBackend):
    """Connects nowhere, and remembers where to."""

    def __init__(self, peer: str) -> None:
        self.peer, self.connected, self.names = peer, list[str](), list[str]()

    async def connect_tcp(self, host: str, port: int, *more: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        return Stream(self)


class Stream(httpcore.AsyncMockStream):
    def __init__(self, backend: Backend) -> None:
        body = picture()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n" % len(body)
        super().__init__([head, body])
        self._backend = backend

    async def start_tls(self, ssl_context: Any, server_hostname: str | None = None, *more: Any, **named: Any) -> Any:
        self._backend.names.append(server_hostname or "")
        return self

    def get_extra_info(self, info: str) -> Any:
        return (self._backend.peer, 443) if info == "server_addr" else None


async def outside(host: str, port: int) -> list[str]:
    return ["10.0.0.1", "93.184.216.34"]


def through(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(guard, "_resolved", outside)
    monkeypatch.setattr(guard.httpcore, "AnyIOBackend", lambda: backend)
    return Door(Clock(sleep=at_once)).line("Acme", "https://api.acme.test")


async def test_it_is_connected_to_the_checked_address_under_the_hosts_name(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(peer="93.184.216.34")
    assert await download.picture(through(backend, monkeypatch), "https://images.test/1.png") == picture()
    assert (backend.connected, backend.names) == (["93.184.216.34"], ["images.test"])


async def test_the_peer_is_checked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(peer="10.0.0.1")
    with pytest.raises(DownloadRefused):
        await download.picture(through(backend, monkeypatch), "https://images.test/1.png")
    assert not backend.names


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert await download.picture(line_of(emulator), serving(emulator, Answer(200, picture()))) == picture()


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"GIF89a", picture()[:60], picture("JPEG")[:200], b"\x89PNG\r\n\x1a\n" + bytes(60)]
)
async def test_what_is_no_whole_picture_is_not_believed(emulator: Emulator, data: bytes) -> None:
    with pytest.raises(DownloadFailed, match="no whole picture"):
        await download.picture(line_of(emulator), serving(emulator, *[Answer(200, data)] * 4))


@pytest.mark.parametrize("encoding", ["br", "deflate", "identity, gzip"])
async def test_what_is_packed_is_not_unpacked(emulator: Emulator, encoding: str) -> None:
    bomb = Answer(200, gzip.compress(bytes(100_000)), {"content-encoding": encoding})
    with pytest.raises(DownloadFailed, match="packed"):
        await download.picture(line_of(emulator), serving(emulator, *[bomb] * 4))
    emulator.faults.push(Fault("balance", bomb))
    with pytest.raises(AnswerLost):
        await line_of(emulator).once(HttpCall("GET", "/api/v3/balance"))


async def test_gzip_is_unpacked_as_far_as_a_reply_may_be_long(emulator: Emulator) -> None:
    gzipped, ask = {"content-encoding": "gzip"}, HttpCall("GET", "/api/v3/balance", most_bytes=1000)
    good = gzip.compress(b'{"code": 200, "data": {"balance": 7}}')
    emulator.faults.push(Fault("balance", Answer(200, good, gzipped)))
    assert json.loads((await line_of(emulator).once(ask)).body) == {"code": 200, "data": {"balance": 7}}
    for bad in (gzip.compress(bytes(100_000)), good[:-9], b"no gzip"):
        emulator.faults.push(Fault("balance", Answer(200, bad, gzipped)))
        with pytest.raises(AnswerLost):
            await line_of(emulator).once(ask)


def test_whole_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(whole_picture(picture(kind)) for kind in ("PNG", "JPEG", "WEBP"))
    monkeypatch.setattr("seedream_ui.platforms.download.IMAGE_PIXELS", 3000)
    assert not whole_picture(picture())
