"""Time, and how long to wait before something is tried again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from seedream_ui.errors import Busy, DownloadFailed, PlatformError

__all__ = ["Clock", "of_this_loop", "patience"]

T = TypeVar("T")

READ_TRIES = 6
"""How often a read is tried: with full jitter from 0.5 s, doubling to 8 s, over about 8 s on average."""
DOWNLOAD_TRIES = 4
BUSY_REPEATS = 2
CONNECT_TRIES = 3
_JITTER = (0.5, 8.0)
_BUSY_SECONDS = 5.0
_RETRY_AFTER_MOST = 60.0


@dataclass(frozen=True)
class Clock:
    """Time, so that tests need not wait for it. `now` never goes back; `wall` is seconds since the epoch."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[float], float] = field(default=lambda most: random.uniform(0, most))  # noqa: S311 - not for secrets


def patience(error: PlatformError, repeatable: bool, tries: int, clock: Clock) -> float | None:
    """Seconds until a call may be sent again after its `tries`th try, or None: the one place where this is decided."""
    if error.repeat == "never" or (error.repeat == "reads" and not repeatable):
        return None
    if not repeatable:
        if isinstance(error, Busy):
            return _patient(error.retry_after, _BUSY_SECONDS) if tries <= BUSY_REPEATS else None
        return clock.jitter(_backoff(tries)) if tries < CONNECT_TRIES else None
    if tries >= (DOWNLOAD_TRIES if isinstance(error, DownloadFailed) else READ_TRIES):
        return None
    return _patient(getattr(error, "retry_after", None), clock.jitter(_backoff(tries)))


def _patient(retry_after: float | None, otherwise: float) -> float:
    return otherwise if retry_after is None else min(retry_after, _RETRY_AFTER_MOST)


def _backoff(tries: int) -> float:
    first, most = _JITTER
    return float(min(first * 2 ** (tries - 1), most))


def of_this_loop(kept: dict[asyncio.AbstractEventLoop, T], make: Callable[[], T]) -> T:
    """What belongs to the running event loop, made when first asked for. What belonged to closed ones is dropped."""
    loop = asyncio.get_running_loop()
    if loop not in kept:
        for closed in [each for each in kept if each.is_closed()]:
            del kept[closed]
        kept[loop] = make()
    return kept[loop]
