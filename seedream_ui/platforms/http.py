"""The one door to the network.

`HttpCall` and `Reply` are data; the platforms build the one and read the other. `Line` is the door for one platform and one key.
"""

import asyncio
import email.utils
import itertools
import logging
import re
import traceback
import zlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Literal, TypeVar

import httpx

from seedream_ui.errors import (
    AddressRefused,
    AnswerLost,
    KeyRefused,
    NotAnswering,
    PlatformError,
    Unreachable,
)
from seedream_ui.platforms.guard import GuardedTransport, NotPublic, Origin, checked_base, redact_logs, suspect
from seedream_ui.platforms.patience import Clock, of_this_loop, patience
from seedream_ui.platforms.skew import Skews
from seedream_ui.secret import Secret

__all__ = ["Deadlines", "Door", "HttpCall", "Line", "Reply", "TooLong", "read_body", "unsaid"]

log = logging.getLogger(__name__)

T = TypeVar("T")

MEGABYTE = 1_000_000
IMAGE_BYTES = 60 * MEGABYTE
"""Largest image that is fetched: a 4096² PNG without compression has 50 MB."""
POOLS, CONNECTIONS = 24, 8
"""Pools of each kind, used in turn, and connections of each. httpcore looks at every idle connection of a pool for every request,
so many small pools cost 200 sessions least: one pool of 300 cost them half their time."""
DOWNLOADS = 32
"""Images that are fetched at once; others wait, and their deadline with them."""
KEEP_ALIVE = 4.5
"""Seconds that an idle connection is used again: less than servers keep theirs (5 s and more), since a job that is sent just when
its connection is closed from the other side is a job whose answer is lost."""
_SENDABLE = re.compile(r"[ -~]+")
"""What a header can carry as it is."""
_NO_KEY = (
    "This is no key as {platform} gives them: it holds characters that none has, so it was not sent. Nothing was charged; "
    "copy the key again, on one line."
)

redact_logs()


@dataclass(frozen=True)
class HttpCall:
    """One request to send.

    `path` is below the platform's base URL; or, where `foreign`, a whole address out of a reply: untrusted, and never sent the
    key. `repeatable` says that sending it twice changes nothing and costs nothing. `seconds` is the longest silence of the
    platform, `most_bytes` the longest reply that is read.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    json: dict[str, Any] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    file: tuple[str, bytes, str] | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    foreign: bool = False
    repeatable: bool = False
    seconds: float = 30.0
    most_bytes: int = 8 * MEGABYTE


@dataclass(frozen=True)
class Reply:
    """What came back, as it came: it may hold the key. `retry_after` is in seconds."""

    status: int
    body: bytes = field(repr=False)
    media_type: str = ""
    retry_after: float | None = None


@dataclass(frozen=True)
class Deadlines:
    """In seconds. `download_read` is the longest silence while an image comes; `download` is for all of it and its redirects."""

    connect: float = 10.0
    write: float = 60.0
    pool: float = 30.0
    download_read: float = 20.0
    download: float = 90.0


class Door:
    """The process's connections: pooled clients for each event loop, some for platforms and some for untrusted addresses.

    A client belongs to the loop that it was first used in, and is closed with it. `transport` stands in for the network in tests.
    """

    def __init__(
        self, clock: Clock | None = None, deadlines: Deadlines | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.clock, self.deadlines = clock or Clock(), deadlines or Deadlines()
        self.trusted: set[Origin] = set()
        self.skews = Skews(self.clock)
        self._transport = transport
        self._clients: dict[asyncio.AbstractEventLoop, _Clients] = {}

    def line(self, platform: str, base_url: str, key: Secret | None = None, scheme: str = "Bearer") -> "Line":
        """The door for one platform, given by its title, and one key, which is sent only below `base_url`."""
        base, local = checked_base(base_url)
        if local:
            self.trusted.add(local)
        return Line(self, platform, base, key, scheme, direct=local is not None)

    async def client(self, guarded: bool) -> httpx.AsyncClient:
        """A client for a platform's own host, by the environment's proxy if there is one; or a guarded one, direct."""
        return (await self._of_this_loop()).next(guarded)

    async def downloads(self) -> asyncio.Semaphore:
        """To be held while an image is fetched."""
        return (await self._of_this_loop()).downloads

    async def _of_this_loop(self) -> "_Clients":
        found = of_this_loop(self._clients, lambda: _Clients(self.trusted, self.deadlines, self._transport))
        await found.close_with_loop()
        return found


class _Clients:
    """A loop's clients; each is made when its turn first comes."""

    def __init__(self, trusted: set[Origin], deadlines: Deadlines, transport: httpx.AsyncBaseTransport | None) -> None:
        self._trusted, self._transport = trusted, transport
        self._context = httpx.create_ssl_context()
        self._timeout = httpx.Timeout(30, connect=deadlines.connect, write=deadlines.write, pool=deadlines.pool)
        self._made: dict[tuple[bool, int], httpx.AsyncClient] = {}
        self._turns = itertools.cycle(range(POOLS))
        self.downloads = asyncio.Semaphore(DOWNLOADS)
        self._until_closed: AsyncGenerator[None, None] | None = None

    def next(self, guarded: bool) -> httpx.AsyncClient:
        turn = (guarded, next(self._turns))
        if turn not in self._made:
            self._made[turn] = self._client(guarded)
        return self._made[turn]

    def _client(self, guarded: bool) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=KEEP_ALIVE)
        transport = self._transport
        if guarded and not transport:
            transport = GuardedTransport(self._trusted, self._context, limits)
        return httpx.AsyncClient(
            transport=transport,
            verify=self._context,
            timeout=self._timeout,
            limits=limits,
            trust_env=not guarded,
            headers={"Accept-Encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # clients are shared by visitors
        )

    async def close_with_loop(self) -> None:
        """`asyncio.run` ends the loop's open generators before it closes the loop: the moment to close what belongs to it."""
        if self._until_closed is None:
            self._until_closed = self._closing()
            await anext(self._until_closed)

    async def _closing(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            for client in self._made.values():
                await client.aclose()


@dataclass(frozen=True)
class Line:
    """Sends calls to one platform with one key. Every error that leaves it is a `PlatformError` without the key."""

    door: Door
    platform: str
    base_url: str
    key: Secret | None
    scheme: str = "Bearer"
    direct: bool = False

    @property
    def clock(self) -> Clock:
        return self.door.clock

    @property
    def ahead(self) -> float | None:
        """Seconds that the platform's clock is ahead of ours, by its newest reply; None where that is not known."""
        return self.door.skews.ahead(self.base_url)

    async def ask(self, call: HttpCall, read: Callable[[Reply], T]) -> T:
        """What `read` makes of the reply, after as many tries as the errors it raises allow."""
        repeatable = call.repeatable or call.method == "GET"
        tries = 0
        while True:
            tries += 1
            try:
                return self.read(await self.once(call), read)
            except PlatformError as error:
                pause = patience(error, repeatable, tries, self.clock)
                if pause is None and repeatable and isinstance(error, AnswerLost):
                    raise NotAnswering(self.platform) from None
                if pause is None:
                    raise
            await self.clock.sleep(pause)

    def read(self, reply: Reply, read: Callable[[Reply], T]) -> T:
        """What `read` makes of the reply. Raises a `PlatformError` whatever breaks, since a platform may write anything."""
        try:
            return read(reply)
        except PlatformError as error:
            error.args = (self.keyless(str(error)),)
            raise
        except Exception as error:
            log.error("a reply of %s broke what reads it: %s", self.platform, unsaid(error))
        raise AnswerLost(self.platform)

    def keyless(self, text: str) -> str:
        """The text without the key, which its platform may have repeated."""
        return self.key.hidden_in(text) if self.key else text

    async def once(self, call: HttpCall) -> Reply:
        """The reply to one try. Raises `Unreachable` only if no byte left, else `AnswerLost`; `KeyRefused` by its form."""
        if self.key and not call.foreign and not _SENDABLE.fullmatch(self.key.reveal()):
            raise KeyRefused(self.platform, _NO_KEY.format(platform=self.platform))
        outcome = await self._tried(call)
        if isinstance(outcome, PlatformError):  # raised here, so that no traceback leads to a request with a key in it
            raise outcome
        return outcome

    async def _tried(self, call: HttpCall) -> Reply | PlatformError:
        url = call.path if call.foreign else self.base_url + call.path
        if call.foreign and suspect(url, self.door.trusted):
            return AddressRefused(self.platform)
        try:
            client = await self.door.client(guarded=call.foreign or self.direct)
            async with asyncio.timeout(call.seconds + 60), client.stream(**self._arguments(call, url)) as response:
                if not call.foreign and (date := _http_date(response.headers.get("date"))) is not None:
                    self.door.skews.note(self.base_url, date)
                return self._reply(response, await read_body(response, call.most_bytes))
        except NotPublic:
            return AddressRefused(self.platform)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol):
            return Unreachable(self.platform)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError, TooLong):
            return AnswerLost(self.platform)
        except (httpx.InvalidURL, ValueError):  # an address, or a header of the platform's choice, that cannot even be written
            return AddressRefused(self.platform) if call.foreign else AnswerLost(self.platform)

    def _arguments(self, call: HttpCall, url: str) -> dict[str, Any]:
        headers = dict(call.headers)
        if self.key and not call.foreign:
            headers["Authorization"] = f"{self.scheme} {self.key.reveal()}"
        limits = self.door.deadlines
        timeout = httpx.Timeout(call.seconds, connect=limits.connect, write=limits.write, pool=limits.pool)
        files = {"file": call.file} if call.file else None
        arguments = {"json": call.json, "content": call.content, "files": files}
        sent = {name: value for name, value in arguments.items() if value is not None}
        return {"method": call.method, "url": url, "headers": headers, "timeout": timeout, **sent}

    def _reply(self, response: httpx.Response, body: bytes) -> Reply:
        headers = response.headers
        return Reply(
            status=response.status_code,
            body=body,
            media_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
            retry_after=_retry_after(headers.get("retry-after"), self.clock.wall()),
        )


def unsaid(error: Exception) -> str:
    """For the log: what was raised and where, without its message, which may quote a reply or an address."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()


class TooLong(Exception):
    """A body went on past its limit."""


async def read_body(response: httpx.Response, most: int) -> bytes:
    """A whole body, counted while it comes; a few packed bytes may hold gigabytes, so httpx is not let unpack them.

    gzip is read although it is not asked for: whoever packs all the same may have taken a job. Raises `DecodingError` for others.
    """
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip"):
        raise httpx.DecodingError("packed, though that was not asked for")
    gunzip, body = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if packing == "gzip" else None, bytearray()
    try:
        async for part in response.aiter_raw() if gunzip else response.aiter_bytes():
            body += gunzip.decompress(part, most + 1 - len(body)) if gunzip else part
            if len(body) > most:
                raise TooLong
    except zlib.error:
        raise httpx.DecodingError("packed, and damaged") from None
    if gunzip and not gunzip.eof:
        raise httpx.DecodingError("packed, and cut short")
    return bytes(body)


def _retry_after(value: str | None, now: float) -> float | None:
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    date = _http_date(value)
    return None if date is None else max(0.0, date - now)


def _http_date(value: str | None) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(value).timestamp() if value else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
