"""How long jobs usually take, learned from those of this process."""

import statistics
from collections import defaultdict, deque

from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.remote.pace import Usual

__all__ = ["Learned"]

FEWEST = 3
"""Before so many jobs of a kind nothing is said about it."""
MOST = 50


class Learned:
    """Seconds from submit to end, by endpoint, size and count; the newest `MOST` of each kind."""

    def __init__(self) -> None:
        self._seconds: defaultdict[tuple[str, str, int], deque[float]] = defaultdict(lambda: deque(maxlen=MOST))

    def note(self, job: JobState, now: float) -> None:
        """A job that ended well, at `now` seconds since the epoch."""
        if job.submitted_at is not None and now > job.submitted_at:
            self._seconds[_kind(job)].append(now - job.submitted_at)

    def usual(self, job: JobState) -> Usual | None:
        """What such jobs usually take; None while too few are known."""
        known = self._seconds.get(_kind(job), ())
        if len(known) < FEWEST:
            return None
        return Usual(statistics.median(known), statistics.quantiles(known, n=20)[-1])


def _kind(job: JobState) -> tuple[str, str, int]:
    return job.endpoint, job.size, job.count
