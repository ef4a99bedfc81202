"""Time as an emulator counts it: the real one, a faster one, or one that stands until it is told."""

import time
from datetime import UTC, datetime

DAY = 86400.0


class Clock:
    """Seconds since the epoch. `scale=60` runs a minute per second; `scale=0` moves by `advance` alone."""

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale
        self._real = time.monotonic()
        self._seconds = time.time()

    def now(self) -> float:
        return self._seconds + (time.monotonic() - self._real) * self._scale

    def advance(self, seconds: float) -> None:
        """Lets so much time pass at once."""
        self._seconds += seconds

    @property
    def scale(self) -> float:
        return self._scale

    @scale.setter
    def scale(self, scale: float) -> None:
        self._seconds, self._real, self._scale = self.now(), time.monotonic(), scale


def stamp(seconds: float) -> str:
    """As platforms write it: `2026-01-05T10:11:12.345Z`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(text: str) -> float:
    """The opposite of `stamp`; raises ValueError on what is no time."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
