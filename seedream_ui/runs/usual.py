"""How long sets usually take, and how often they come whole: learned from the history."""

import statistics
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from seedream_ui.request import ExactSize, SequenceRequest
from seedream_ui.runs.run import Run

__all__ = ["Experience", "Usual"]

FEWEST, MOST = 3, 50


@dataclass(frozen=True)
class Experience:
    """Of sets of one kind: the median of their seconds, and how many of how many came whole."""

    seconds: float
    whole: int
    of: int


class Usual:
    """By platform, model, tier, count and Seq; the newest `MOST` of each kind, nothing below `FEWEST`."""

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self._known: defaultdict[tuple[object, ...], deque[tuple[float, bool]]] = defaultdict(lambda: deque(maxlen=MOST))
        for run in runs:
            self.note(run)

    def note(self, run: Run) -> None:
        """A run that is over. One that was stopped, or waited for its owner, says nothing about the platform."""
        if run.status in ("completed", "partial", "failed") and not run.interrupted:
            self._known[_kind(run.request)].append((run.seconds, run.status == "completed"))

    def of(self, request: SequenceRequest) -> Experience | None:
        known = list(self._known.get(_kind(request), ()))
        seconds = [took for took, whole in known if whole]
        if len(known) < FEWEST or not seconds:
            return None
        return Experience(statistics.median(seconds), sum(whole for _, whole in known), len(known))


def _kind(request: SequenceRequest) -> tuple[object, ...]:
    size = request.size
    tier = f"{size.width}x{size.height}" if isinstance(size, ExactSize) else size.tier
    return request.platform, request.model, tier, request.count, request.sequence
