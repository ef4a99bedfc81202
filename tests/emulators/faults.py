"""Faults as data: what goes wrong, with which kind of request, how often.

    emulator.faults.push(Fault("submit", Reset(processed=True)))          # the job is taken, the answer is lost
    emulator.faults.push(Fault("poll", html(502), times=2))               # the next two polls
    emulator.faults.push(Fault("output", Truncated(), path="/2.jpeg"))    # only the second image

Faults of one kind are consumed in the order in which they were pushed.
"""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

LINGER_NOT = struct.pack("ii", 1, 0)  # SO_LINGER of 0 seconds: closing sends RST, not FIN


@dataclass(frozen=True)
class Exchange:
    """One request and the ways of answering it."""

    scope: Scope
    receive: Receive
    send: Send
    process: Callable[[], Awaitable[Response]]
    """Does what was asked, once, and returns the true answer, unsent."""

    @property
    def transport(self) -> asyncio.Transport:
        transport: asyncio.Transport = self.scope["state"]["transport"]
        return transport

    async def reply(self, response: Response) -> None:
        await response(self.scope, self.receive, self.send)

    async def until_left(self) -> None:
        """Returns when the client has gone, or the connection was cut."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def reset(self) -> None:
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.transport.abort()
        await self.until_left()

    async def close(self) -> None:
        self.transport.close()
        await self.until_left()


class Action(Protocol):
    async def perform(self, exchange: Exchange) -> None:
        """Answers, or not."""


@dataclass(frozen=True)
class Answer:
    """Another answer than the true one. `processed`: what was asked has been done nevertheless.

    `body`: bytes or text as they are, anything else as JSON.
    """

    status: int = 500
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    processed: bool = False

    async def perform(self, exchange: Exchange) -> None:
        if self.processed:
            await exchange.process()
        body, kind = _written(self.body)
        headers = {"content-type": kind} | {name.lower(): value for name, value in self.headers.items()}
        await exchange.reply(Response(body, self.status, headers))


def _written(body: Any) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/html; charset=utf-8" if body.lstrip().startswith("<") else "text/plain; charset=utf-8"
    return json.dumps(body).encode(), "application/json"


@dataclass(frozen=True)
class Reset:
    """A TCP reset instead of an answer: before what was asked is done, or after it."""

    processed: bool = False

    async def perform(self, exchange: Exchange) -> None:
        if self.processed:
            await exchange.process()
        await exchange.reset()


@dataclass(frozen=True)
class Hangup:
    """The connection is closed in good order, without a byte of an answer."""

    processed: bool = False

    async def perform(self, exchange: Exchange) -> None:
        if self.processed:
            await exchange.process()
        await exchange.close()


@dataclass(frozen=True)
class Silence:
    """No answer, and no end, until the client goes."""

    processed: bool = True

    async def perform(self, exchange: Exchange) -> None:
        if self.processed:
            await exchange.process()
        await exchange.until_left()


@dataclass(frozen=True)
class Delay:
    """The true answer, so many real seconds late."""

    seconds: float

    async def perform(self, exchange: Exchange) -> None:
        response = await exchange.process()
        await asyncio.sleep(self.seconds)
        await exchange.reply(response)


@dataclass(frozen=True)
class Slow:
    """The true answer in small pieces, with a real pause after each."""

    piece: int = 256
    pause: float = 0.05

    async def perform(self, exchange: Exchange) -> None:
        response = await exchange.process()
        await _start(exchange, response)
        for at in range(0, len(response.body), self.piece):
            if exchange.transport.is_closing():
                return await exchange.until_left()
            await _send(exchange, bytes(response.body[at : at + self.piece]), more=True)
            await asyncio.sleep(self.pause)
        return await _send(exchange, b"", more=False)


@dataclass(frozen=True)
class Truncated:
    """The true headers, Content-Length included, but only a part of the body; then the connection is closed (or reset)."""

    share: float = 0.5
    reset: bool = False

    async def perform(self, exchange: Exchange) -> None:
        response = await exchange.process()
        await _start(exchange, response)
        await _send(exchange, bytes(response.body[: int(len(response.body) * self.share)]), more=True)
        await (exchange.reset() if self.reset else exchange.close())


@dataclass(frozen=True)
class Endless:
    """The true answer, and then more bytes for as long as the client reads. `announced`: a Content-Length to claim."""

    announced: int | None = None
    piece: int = 65536

    async def perform(self, exchange: Exchange) -> None:
        response = await exchange.process()
        del response.headers["content-length"]
        if self.announced is not None:
            response.headers["content-length"] = str(self.announced)
        await _start(exchange, response)
        await _send(exchange, bytes(response.body), more=True)
        while not exchange.transport.is_closing():
            await _send(exchange, bytes(self.piece), more=True)
            await asyncio.sleep(0)
        await exchange.until_left()


@dataclass(frozen=True)
class WrongType:
    """The true body under another content type, or none."""

    content_type: str | None = "text/html"

    async def perform(self, exchange: Exchange) -> None:
        response = await exchange.process()
        del response.headers["content-type"]
        if self.content_type is not None:
            response.headers["content-type"] = self.content_type
        await exchange.reply(response)


def html(status: int = 502, processed: bool = False) -> Answer:
    """A gateway's error page."""
    return Answer(status, f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>", processed=processed)


def garbage(status: int = 200, processed: bool = False) -> Answer:
    """JSON by its name, cut off by its content."""
    return Answer(status, '{"code": 200, "data": {"id": "', {"content-type": "application/json"}, processed)


def redirect(url: str, status: int = 302) -> Answer:
    return Answer(status, b"", {"location": url})


async def _start(exchange: Exchange, response: Response) -> None:
    await exchange.send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})


async def _send(exchange: Exchange, body: bytes, more: bool) -> None:
    await exchange.send({"type": "http.response.body", "body": body, "more_body": more})


@dataclass(frozen=True)
class Fault:
    """`kind` of request that goes wrong; `path`: a part of the path it must have; `skip`: how many are let through first;
    `times`: how many go wrong, None for all from then on."""

    kind: str
    action: Action
    times: int | None = 1
    skip: int = 0
    path: str = ""


@dataclass(eq=False)
class _Waiting:
    fault: Fault
    skip: int
    times: int | None


class Faults:
    """What is still to go wrong."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._lock = threading.Lock()

    def push(self, *faults: Fault) -> None:
        with self._lock:
            self._waiting += [_Waiting(fault, fault.skip, fault.times) for fault in faults]

    def take(self, kind: str, path: str) -> Fault | None:
        """The fault for this request, consumed."""
        with self._lock:
            for entry in self._waiting:
                if entry.fault.kind == kind and entry.fault.path in path:
                    return self._use(entry)
        return None

    def _use(self, entry: "_Waiting") -> Fault | None:
        if entry.skip:
            entry.skip -= 1
            return None
        if entry.times is not None:
            entry.times -= 1
            if not entry.times:
                self._waiting.remove(entry)
        return entry.fault

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    @property
    def left(self) -> list[Fault]:
        """Those that no request has met yet (or not often enough)."""
        with self._lock:
            return [entry.fault for entry in self._waiting]
