"""The submit whose answer was lost: is the job at the platform?"""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager

from seedream_ui.errors import PlatformError
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import Line
from seedream_ui.platforms.remote.claims import Claims, mark_of
from seedream_ui.platforms.remote.states import running
from seedream_ui.platforms.seam import HttpPlatform, Ticket

__all__ = ["Finder"]

SLACK = 5.0
"""Seconds that a job may seem older than its submit: clocks are compared by a header that counts whole seconds."""
ROOM = 3600.0
"""Seconds before it from which on jobs are asked for: until its reply is there, the platform's clock may not be known."""
PAGES = 5


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
        for page in range(1, PAGES + 1):
            tickets, more = await self._page(state, page)
            found += tickets
            if not more:
                break
        found.sort(key=lambda ticket: ticket.progress.created_at or "")
        ticket = self._claims.adopt(self._mark(state), found)
        return running(state, ticket) if ticket else None

    async def _page(self, state: JobState, page: int) -> tuple[tuple[Ticket, ...], bool]:
        call = self._platform.history(state, self._since(state) - ROOM, page)
        return await self._line.ask(call, lambda reply: self._platform.matches(reply, state, self._since(state)))

    def _since(self, state: JobState) -> float:
        """When it was sent, on the platform's clock. Ours may have been set right since: what it showed then was as far off then.

        Where that is not known, the clocks are held to have differed as now, or not at all, whichever is the earlier time.
        """
        ahead = state.clock_ahead if state.clock_ahead is not None else min(0.0, self._line.ahead or 0.0)
        return (state.submitted_at or self._line.clock.wall()) + ahead - SLACK

    def _mark(self, state: JobState) -> tuple[str, str, str, int, str]:
        return mark_of(state, self._line.key.tag if self._line.key else "")
