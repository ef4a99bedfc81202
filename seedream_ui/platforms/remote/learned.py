"""How long jobs usually take, and how many end well: learned from those that have ended."""

import statistics
from collections import defaultdict, deque
from collections.abc import Iterable

from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.remote.pace import Usual

__all__ = ["Learned"]

FEWEST = 3
"""Before so many jobs of a kind nothing is said about it."""
MOST = 50

Kind = tuple[str, str, int]


class Learned:
    """Seconds from submit to end, and whether there were images, by endpoint, size and count; the newest `MOST` of each kind."""

    def __init__(self) -> None:
        self._seconds: defaultdict[Kind, deque[float]] = defaultdict(lambda: deque(maxlen=MOST))
        self._well: defaultdict[Kind, deque[bool]] = defaultdict(lambda: deque(maxlen=MOST))

    def note(self, job: JobState, now: float) -> None:
        """A job that ended at `now` seconds since the epoch."""
        self._note(job, now - job.submitted_at if job.submitted_at is not None else 0.0)

    def recall(self, jobs: Iterable[tuple[JobState, float]]) -> None:
        """Jobs that ended in earlier lives of this server, oldest first, and how many seconds each took."""
        for job, seconds in jobs:
            self._note(job, seconds)

    def usual(self, job: JobState) -> Usual | None:
        """What such jobs usually take; None while too few are known."""
        known = self._seconds.get(_kind(job), ())
        if len(known) < FEWEST:
            return None
        return Usual(statistics.median(known), statistics.quantiles(known, n=20)[-1])

    def success(self, job: JobState) -> float | None:
        """The share (0 to 1) of such jobs that made images, of those that the platform took; None while too few are known."""
        known = self._well.get(_kind(job), ())
        return sum(known) / len(known) if len(known) >= FEWEST else None

    def _note(self, job: JobState, seconds: float) -> None:
        """What the platform never took, or has not ended, teaches nothing; what failed is no measure of time."""
        if not job.prediction_id or job.state not in ("done", "failed"):
            return
        self._well[_kind(job)].append(job.state == "done" and bool(job.outputs))
        if job.state == "done" and seconds > 0:
            self._seconds[_kind(job)].append(seconds)


def _kind(job: JobState) -> Kind:
    return job.endpoint, job.size, job.count
