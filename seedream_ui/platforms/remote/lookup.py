"""The submit whose answer was lost: is the job at the platform?"""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager

from seedream_ui.errors import PlatformError
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import Line, Reply
from seedream_ui.platforms.remote.claims import Claims, mark_of
from seedream_ui.platforms.seam import HttpPlatform, Ticket

__all__ = ["Finder", "running"]

SLACK = 5.0
"""Seconds that a job may seem older than its submit: clocks are compared by a header that counts whole seconds."""
PAGES = 5


def running(state: JobState, ticket: Ticket) -> JobState:
    """The state of a job that the platform has taken."""
    created = ticket.progress.created_at
    changes = {
        "state": "running",
        "prediction_id": ticket.prediction_id,
        "poll": ticket.poll,
        "created_at": created,
        "error": None,
    }
    return state.model_copy(update=changes)


class Finder:
    """Looks for lost jobs with one key."""

    def __init__(self, platform: HttpPlatform, claims: Claims, line: Line) -> None:
        self._platform, self._claims, self._line = platform, claims, line

    def looking(self, state: JobState) -> AbstractContextManager[None]:
        """To be held while a job is looked for, from before the first look to after the last."""
        return self._claims.lost(self._mark(state))

    async def looks(self, state: JobState, look_ups: tuple[float, ...]) -> AsyncIterator[tuple[float, JobState | None]]:
        """Each look-up in its time: how many seconds after the first, and the job's state if it was found."""
        clock = self._line.clock
        start = clock.now()
        for at in look_ups:
            if (wait := start + at - clock.now()) > 0:
                await clock.sleep(wait)
            try:
                yield at, await self.look(state)
            except PlatformError:  # a key that is refused by now, too: the job may be there all the same
                yield at, None

    async def look(self, state: JobState) -> JobState | None:
        """The running state of the job if it was found now. Raises a `PlatformError` if the platform cannot be asked."""
        found: list[Ticket] = []
        since = state.submitted_at or self._line.clock.wall()
        for page in range(1, PAGES + 1):
            tickets, more = await self._page(state, since, page)
            found += tickets
            if not more:
                break
        found.sort(key=lambda ticket: ticket.progress.created_at or "")
        ticket = self._claims.adopt(self._mark(state), found)
        return running(state, ticket) if ticket else None

    async def _page(self, state: JobState, since: float, page: int) -> tuple[tuple[Ticket, ...], bool]:
        """Our clock and the platform's may differ: asked with room on both sides, then told apart by the date of the reply."""
        wall = self._line.clock.wall

        def read(reply: Reply) -> tuple[tuple[Ticket, ...], bool]:
            ahead = reply.date - wall() if reply.date else 0.0
            return self._platform.matches(reply, state, since + ahead - SLACK)

        return await self._line.ask(self._platform.history(state, since - 3600, page), read)

    def _mark(self, state: JobState) -> tuple[str, str, str, int, str]:
        return mark_of(state, self._line.key.tag if self._line.key else "")
