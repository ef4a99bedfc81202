"""Where a call came from, for the caps on the operator's money.

Gradio's MCP server makes each tool call once more over loopback, with the headers of its caller; and the web server believes
forwarding headers from there. So the address is written into a request when it first comes in, in a header that only this process
can write, and the second call carries it on.
"""

import hashlib
import hmac
import ipaddress
import secrets

import gradio as gr
from starlette.types import ASGIApp, Receive, Scope, Send

from seedream_ui.settings import settings

__all__ = ["Callers", "address_of"]

_HEADER = "x-studio-caller"
_SECRET = secrets.token_bytes(32)


def address_of(request: gr.Request | None) -> str:
    """The caller's address, for IPv6 its /64, which is one subscriber's. Empty for what did not come through `Callers`."""
    return "" if request is None else _vouched(str(request.headers.get(_HEADER, ""))) or ""


class Callers:
    """ASGI middleware: each request bears the address it came from, whatever its sender wrote there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = _HEADER.encode()
            told = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
            if len(told) != 1 or _vouched(told[0]) is None:
                others = [header for header in scope["headers"] if header[0] != name]
                scope["headers"] = [*others, (name, _signed(_subscriber(_peer(scope))).encode())]
        await self._app(scope, receive, send)


def _peer(scope: Scope) -> str:
    """Behind the proxy of a Space it is the last address that the proxy itself wrote down.

    Elsewhere nobody vouches for the forwarding header, so it is not believed.
    """
    if settings().on_space:
        forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        if last := b"".join(forwarded[-1:]).rpartition(b",")[2].strip():
            return str(last.decode("latin-1"))
    return str((scope.get("client") or ("",))[0] or "")


def _subscriber(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ascii(address) if address else ""
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((ip, 64), strict=False))


def _signed(address: str) -> str:
    return f"{hmac.new(_SECRET, address.encode(), hashlib.sha256).hexdigest()} {address}"


def _vouched(told: str) -> str | None:
    """The address, if this process wrote it."""
    address = told.partition(" ")[2]
    return address if hmac.compare_digest(told.encode(), _signed(address).encode()) else None
