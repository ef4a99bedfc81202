"""How often a job is asked after, and when a lost one is looked for."""

from dataclasses import dataclass

__all__ = ["LOOK_AGAIN", "LOOK_UPS", "SAID_UNKNOWN", "Usual", "long_after", "pause"]

LOOK_UPS = (0.0, 2.0, 10.0, 60.0, 300.0)
"""Seconds after an answer was lost: the job may be taken late."""
LOOK_AGAIN = (0.0, 2.0)
"""When a person asks to look again: what lands is there by now."""
SAID_UNKNOWN = 10.0
"""From this look-up on it is said to be unknown; the later ones go on behind it."""
LONG = 300.0
LONG_PAUSE = 5.0
AROUND, AROUND_LEAST = 0.15, 5.0
"""Around the median, as a share of it and in seconds (of which no more than a quarter of it, but one), a job is likely to end."""
OFTEN, OFTEN_LEAST = 0.5, 0.25
"""Between two questions near the end: a tenth of the median, within these seconds."""


@dataclass(frozen=True)
class Usual:
    """What was learned of such jobs, in seconds."""

    median: float
    p95: float | None = None


def pause(elapsed: float, usual: Usual | None) -> float:
    """Seconds until a job that was sent `elapsed` seconds ago is asked after again; a job of 70 s takes 37 to 40 GETs.

    With nothing learned each second for 10 s, then every 2 s. With a median twice a second around it (four times for jobs of a
    few seconds), which is when most such jobs end; before that each second for 5 s, then every 4 s, after it each second. What
    takes far longer than usual is asked after every 5 s.
    """
    if elapsed >= long_after(usual):
        return LONG_PAUSE
    if usual is None:
        return 1.0 if elapsed < 10 else 2.0
    around = max(AROUND * usual.median, min(AROUND_LEAST, max(usual.median / 4, 1.0)))
    often = min(OFTEN, max(OFTEN_LEAST, usual.median / 10))
    if abs(elapsed - usual.median) <= around:
        return often
    near = usual.median - around
    return min(1.0 if elapsed < 5 else 4.0, max(near - elapsed, often)) if elapsed < near else 1.0


def long_after(usual: Usual | None) -> float:
    """Seconds after which a job is said to take long."""
    return max(LONG, 4 * (usual.p95 or usual.median)) if usual else LONG
