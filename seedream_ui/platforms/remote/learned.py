"""How long jobs usually take, learned from those that have ended."""

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
    """Seconds from submit to end, by endpoint, size and count; the newest `MOST` of each kind."""

    def __init__(self) -> None:
        self._seconds: defaultdict[Kind, deque[float]] = defaultdict(lambda: deque(maxlen=MOST))

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

    def _note(self, job: JobState, seconds: float) -> None:
        """What failed, or has not ended, is no measure of time."""
        if job.prediction_id and job.state == "done" and seconds > 0:
            self._seconds[_kind(job)].append(seconds)


def _kind(job: JobState) -> Kind:
    return job.endpoint, job.size, job.count
