"""Which run a job at the platform belongs to: each is followed by at most one run of this process."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.seam import Ticket

__all__ = ["Claims", "Mark", "mark_of"]

Mark = tuple[str, str, str, int, str]
"""What tells one job from another at the platform: account, endpoint, prompt, count and size. Doubles share it."""


def mark_of(state: JobState, account: str) -> Mark:
    return (account, state.endpoint, state.prompt_sha256, state.count, state.size)


class Claims:
    """Kept for the whole process. Jobs that are being sent, and those whose answer was lost, are counted by their mark."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._seen: set[str] = set()
        self._flying: Counter[Mark] = Counter()
        self._lost: Counter[Mark] = Counter()

    def claim(self, prediction_ids: Iterable[str]) -> None:
        """They belong to somebody, so no lost job takes one of them for its own."""
        self._taken.update(prediction_ids)

    def take(self, prediction_id: str) -> bool:
        """Claims a job that is sent or followed now; whether it is so for the first time in this process."""
        new = prediction_id not in self._seen
        self._seen.add(prediction_id)
        self._taken.add(prediction_id)
        return new

    def adopt(self, mark: Mark, found: Sequence[Ticket]) -> Ticket | None:
        """The job that a lost one takes for its own: the oldest that is nobody's.

        None while a double is being sent, since what is found may be that one's; and where there are more jobs than lost ones,
        since one of them must then be another process's.
        """
        free = [ticket for ticket in found if ticket.prediction_id not in self._taken]
        if not free or self._flying[mark] or len(free) > self._lost[mark]:
            return None
        self.take(free[0].prediction_id)
        return free[0]

    @contextmanager
    def flying(self, mark: Mark) -> Iterator[None]:
        """While a job is being sent."""
        with _counted(self._flying, mark):
            yield

    @contextmanager
    def lost(self, mark: Mark) -> Iterator[None]:
        """While a job is looked for."""
        with _counted(self._lost, mark):
            yield


@contextmanager
def _counted(counter: Counter[Mark], mark: Mark) -> Iterator[None]:
    counter[mark] += 1
    try:
        yield
    finally:
        counter[mark] -= 1
        if not counter[mark]:
            del counter[mark]
