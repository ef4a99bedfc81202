"""Who may be connected to for an address that came from outside, and what may stand in a log.

An address in a platform's reply is untrusted. The rule is checked on the IP address that is really connected to, so a name that
resolves to something else a moment later gains nothing.
"""

import asyncio
import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

__all__ = [
    "GuardedTransport",
    "NotPublic",
    "Origin",
    "checked_base",
    "is_public",
    "redact_logs",
    "redacted",
    "suspect",
]

Origin = tuple[str, int]
"""A host as it is written in an address, lower case, and a port."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""They hold an IPv4 address that a gateway unpacks, private ones too; Python calls them global."""
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class NotPublic(httpcore.ConnectError):
    """The host has no public address, so nothing was connected to."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, and hides no other that is not."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public(ip)


def _is_public(ip: Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _COMPATIBLE or any(ip in net for net in _NAT64):
            return False  # no server on the public internet is written so
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _Guard(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to `trusted` origins where these are loopback."""

    def __init__(self, trusted: Collection[Origin]) -> None:
        self._trusted = trusted
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        trusted = (host.lower(), port) in self._trusted
        found = [address for address in await _resolved(host, port) if _may_connect(address, trusted)]
        if not found:
            raise NotPublic("the host has no public address")
        for address in found[:-1]:
            try:
                return await self._connected(address, port, trusted, timeout, local_address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._connected(found[-1], port, trusted, timeout, local_address)

    async def _connected(
        self, address: str, port: int, trusted: bool, seconds: float | None, local_address: str | None
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._inner.connect_tcp(address, port, seconds, local_address)
        peer = stream.get_extra_info("server_addr")
        if not _may_connect(str(peer[0]), trusted):
            await stream.aclose()
            raise NotPublic("connected to an address that is not public")
        return stream

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _may_connect(address: str, trusted: bool) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback if trusted else is_public(address)


async def _resolved(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("the name of the host does not resolve") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def suspect(url: str, trusted: Collection[Origin]) -> bool:
    """Whether an address out of a reply may not even be tried. Where its host leads is checked when it is connected to."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return True
    if not host or parts.username is not None or parts.password is not None:
        return True
    return not (parts.scheme == "https" or (parts.scheme == "http" and (host, port or 80) in trusted))


def checked_base(base_url: str) -> tuple[str, Origin | None]:
    """The base URL without a slash at its end, and its origin if it is on this machine; any other has to be https.

    Raises `ValueError`: a key does not go over a line that anyone can read.
    """
    parts = urlsplit(base_url)
    host = (parts.hostname or "").lower()
    loopback = host in ("localhost", "::1") or host.startswith("127.")
    if parts.scheme not in ("https", "http") or not host or (parts.scheme == "http" and not loopback):
        raise ValueError("A platform's base URL has to begin with https://, or be on this machine.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return base_url.rstrip("/"), (host, port) if loopback else None


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's way to the network with the guard in it; httpx itself offers no place for one."""

    def __init__(self, trusted: Collection[Origin], context: ssl.SSLContext, limits: httpx.Limits) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Guard(trusted),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101 - narrows a type that httpx leaves open
        url = request.url
        inner = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            response = await self._pool.handle_async_request(inner)
        except _CORE as error:
            raise _as_httpx(error) from error
        return httpx.Response(response.status, headers=response.headers, stream=_Stream(response), extensions=response.extensions)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._response.aiter_stream():
                yield part
        except _CORE as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        await self._response.aclose()


_CORE = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


def _as_httpx(error: Exception) -> Exception:
    """The two libraries name their transport errors alike. `NotPublic` stays as it is: nothing may mistake it for a bad line."""
    if isinstance(error, NotPublic):
        return error
    kind = getattr(httpx, type(error).__name__, httpx.TransportError)
    return kind(str(error)) if isinstance(kind, type) and issubclass(kind, httpx.TransportError) else error


_BEARER = re.compile(r"(?i)(\b(?:bearer|key|token|basic)\s+)[^\s'\",)\]]+")
_QUERY = re.compile(r"(https?://[^\s?'\"<>]+|^/[^\s?'\"<>]*)\?[^\s'\"<>)\]]+")


def redacted(text: str) -> str:
    """The text without credentials in headers, and without the query of an address, which may be a signature."""
    return _QUERY.sub(r"\1?…", _BEARER.sub(r"\1…", text))


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), None
        return True


_CHATTY = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))
"""The loggers of the libraries below: one writes every address, the others whole header lists of replies at DEBUG."""


def redact_logs() -> None:
    """Makes the HTTP libraries' own logs safe, whatever their level. Once is enough; more does no harm."""
    for name in _CHATTY:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Redacting) for each in logger.filters):
            logger.addFilter(_Redacting())
