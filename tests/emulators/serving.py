"""An ASGI app on a loopback port, in a thread of its own.

Uvicorn's protocol speaks HTTP; the loop around it is ours, so that a server starts and stops in milliseconds (a test can afford
its own) and so that the app can reach the connection below a request, `scope["state"]["transport"]`, to break it.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

START_SECONDS = 10
LEAVE_SECONDS = 1.0

Result = TypeVar("Result")


class _Protocol(H11Protocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False  # the emulator keeps a journal; Config's switch would silence the whole process

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class Served:
    """A running server: `with Served(app) as server: server.url`."""

    def __init__(self, app: Callable[..., Any], port: int = 0, host: str = "127.0.0.1", keep_alive: int = 75) -> None:
        self.host, self.port = host, port
        self._config = uvicorn.Config(
            app,
            interface="asgi3",
            lifespan="off",
            ws="none",
            proxy_headers=False,
            log_config=None,
            timeout_keep_alive=keep_alive,
        )
        self._state = ServerState()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"served-{id(self):x}", daemon=True)
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> Self:
        self._config.load()
        self._thread.start()
        self._run(self._listen())
        return self

    def stop(self) -> None:
        """Closes the port, breaks what is still open, ends the thread."""
        if self._loop.is_closed():
            return
        self._run(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_SECONDS)
        self._loop.close()

    def drop(self) -> None:
        """Breaks all open connections, those that a client keeps for later included."""
        self._run(self._drop())

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens meanwhile: connections are refused, open ones are gone. The port stays the same."""
        self._run(self._close())
        try:
            yield
        finally:
            self._run(self._listen())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(START_SECONDS)

    def _protocol(self) -> _Protocol:
        return _Protocol(config=self._config, server_state=self._state, app_state={})

    async def _listen(self) -> None:
        self._listener = await self._loop.create_server(self._protocol, self.host, self.port, backlog=2048)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._listener:
            self._listener.close()
        await self._drop()

    async def _drop(self) -> None:
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    async def _leave(self) -> None:
        await self._close()
        if self._state.tasks:  # those that wait for something see that their client is gone
            await asyncio.wait(set(self._state.tasks), timeout=LEAVE_SECONDS)
        for task in set(self._state.tasks):
            task.cancel()
        await asyncio.sleep(0)
