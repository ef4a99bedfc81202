"""How far a platform's clock is from ours."""

from seedream_ui.platforms.patience import Clock

__all__ = ["Skews"]

JUMP = 1.0
"""Seconds that our clock may drift from the one that never goes back, before it is held to have been set anew."""

SANE = 946_684_800.0, 7_258_118_400.0
"""Dates from 2000 to 2200; no others are believed."""


class Skews:
    """The newest word of each platform, by its base URL."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, tuple[float, float]] = {}

    def note(self, base_url: str, date: float) -> None:
        """A reply whose head came just now bears this date, in seconds since the epoch."""
        if SANE[0] <= date <= SANE[1]:
            self._told[base_url] = (date - self._clock.wall(), self._set)

    def ahead(self, base_url: str) -> float | None:
        """Seconds that the platform's clock is ahead of ours; None where that is not known, or was before ours was set anew."""
        ahead, then = self._told.get(base_url, (0.0, float("inf")))
        return ahead if abs(self._set - then) <= JUMP else None

    @property
    def _set(self) -> float:
        """Changes only as our clock is set."""
        return self._clock.wall() - self._clock.now()
