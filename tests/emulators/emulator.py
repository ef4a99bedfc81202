"""What every platform's emulator is: routes behind a journal and a list of faults, on a port of its own."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from email.utils import formatdate
from functools import cached_property
from typing import Any, ClassVar, Self

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from tests.emulators.clock import Clock
from tests.emulators.faults import Exchange, Faults
from tests.emulators.journal import Journal, Received, masked, parsed, places
from tests.emulators.serving import Served


@dataclass(frozen=True)
class Call:
    """A request as a handler sees it: read to its end, its path taken apart."""

    request: Request
    body: bytes
    path: Mapping[str, str]
    at: float
    """When it arrived."""
    account: Any = None

    @cached_property
    def json(self) -> Any:
        """The body as JSON, None if it is none."""
        return parsed(self.body)


class Refused(Exception):
    """The platform's no: an HTTP status and the body that goes with it."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.response = JSONResponse(dict(body), status, dict(headers or {}))


Handler = Callable[[Any, Call], Awaitable[Response]]


@dataclass(frozen=True)
class Route:
    """`kind` names the request in faults and in the journal; `keyed`: it needs an account's key."""

    kind: str
    method: str
    path: re.Pattern[str]
    handler: Handler
    keyed: bool = True


def route(kind: str, method: str, path: str, handler: Handler, keyed: bool = True) -> Route:
    """`{name}` in the path stands for one segment, `{name:path}` for any number."""
    pattern = re.sub(r"\{(\w+):path\}", r"(?P<\1>.+)", path)
    return Route(kind, method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)), handler, keyed)


class Emulator:
    """A platform. Subclasses give `routes`, `keys`, `account_of` and `unknown`."""

    routes: ClassVar[tuple[Route, ...]]

    def __init__(self, port: int = 0, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.faults = Faults()
        self.journal = Journal()
        self.tells_time = True
        """Whether replies have a `Date`, by `clock`."""
        self._server = Served(self._serve, port)

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> Self:
        self._server.start()
        return self

    def stop(self) -> None:
        self._server.stop()

    def refusing(self) -> AbstractContextManager[None]:
        """Connections are refused meanwhile: `with emulator.refusing(): ...`."""
        return self._server.refusing()

    def drop(self) -> None:
        """Breaks all open connections, those that a client keeps for later included."""
        self._server.drop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def keys(self) -> Iterable[str]:
        raise NotImplementedError

    def account_of(self, request: Request) -> Any:
        """Whose key it is; raises Refused."""
        raise NotImplementedError

    def unknown(self) -> Refused:
        """The answer to a path that is not there."""
        raise NotImplementedError

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        found, path = self._find(request)
        received = self._noted(request, body, found)

        async def process() -> Response:
            return await self._answer(found, Call(request, body, path, received.at))

        async def noted_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                received.status = message["status"]
                message = {**message, "headers": [*message["headers"], *self._date()]}
            await send(message)

        exchange = Exchange(scope, receive, noted_send, process)
        fault = self.faults.take(received.kind, request.url.path)
        await (fault.action.perform(exchange) if fault else exchange.reply(await process()))

    def _date(self) -> list[tuple[bytes, bytes]]:
        return [(b"date", formatdate(self.clock.now(), usegmt=True).encode())] if self.tells_time else []

    def _find(self, request: Request) -> tuple[Route | None, Mapping[str, str]]:
        method = "GET" if request.method == "HEAD" else request.method
        for candidate in self.routes:
            if candidate.method == method and (match := candidate.path.fullmatch(request.url.path)):
                return candidate, match.groupdict()
        return None, {}

    def _noted(self, request: Request, body: bytes, found: Route | None) -> Received:
        keys, url = list(self.keys()), request.url
        received = Received(
            kind=found.kind if found else "unknown",
            method=request.method,
            path=masked(keys, url.path),
            query=masked(keys, url.query),
            headers={name: masked(keys, value) for name, value in request.headers.items()},
            json=parsed(body) if "json" in request.headers.get("content-type", "") else None,
            size=len(body),
            at=self.clock.now(),
            keys_in=places(keys, str(url), request.headers, body),
            keyed=bool(found and found.keyed),
        )
        self.journal.add(received)
        return received

    async def _answer(self, found: Route | None, call: Call) -> Response:
        try:
            if not found:
                raise self.unknown()
            account = self.account_of(call.request) if found.keyed else None
            return await found.handler(self, replace(call, account=account))
        except Refused as refusal:
            return refusal.response
