"""Every platform with an HTTP interface as one kind of platform, written once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from decimal import Decimal

from seedream_ui.errors import KeyMissing
from seedream_ui.platforms.base import Event, Job, JobState
from seedream_ui.platforms.http import Door, Line
from seedream_ui.platforms.patience import of_this_loop
from seedream_ui.platforms.remote.claims import Claims
from seedream_ui.platforms.remote.learned import Learned
from seedream_ui.platforms.remote.listing import Listing
from seedream_ui.platforms.remote.pace import Usual
from seedream_ui.platforms.remote.run import SetRun
from seedream_ui.platforms.remote.uploads import Uploads
from seedream_ui.platforms.seam import HttpPlatform
from seedream_ui.platforms.turns import Limits, Turns
from seedream_ui.request import SequenceRequest
from seedream_ui.secret import Secret
from seedream_ui.sizing import dimensions

__all__ = ["Remote"]


class Remote:
    """One platform, for all runs of this process. `usual` tells how long jobs like the one given take; else it is learned here.

    `base_url` is https, or on this machine; raises `ValueError` for another. Every method with a key raises a `PlatformError`.
    """

    def __init__(
        self,
        platform: HttpPlatform,
        base_url: str = "",
        door: Door | None = None,
        limits: Limits | None = None,
        usual: Callable[[JobState], Usual | None] | None = None,
    ) -> None:
        self.platform, self.door = platform, door or Door()
        self.base_url = base_url or platform.base_url
        self.learned = Learned()
        self.limits, self.usual = limits or Limits(), usual or self.learned.usual
        self.uploads, self.claims = Uploads(platform), Claims()
        self._listing = Listing(platform, self.door.clock)
        self._turns: dict[asyncio.AbstractEventLoop, dict[str, Turns]] = {}
        self._line(None)  # refuses a wrong base URL at the start, not at the first press

    # ---------------------------------------------------------------------------------------------------------- sets
    def make(self, job: Job) -> AsyncIterator[Event]:
        """Makes a request's images from the start."""
        return self.resume(job, ())

    def resume(self, job: Job, states: Sequence[JobState]) -> AsyncIterator[Event]:
        """Goes on from recorded states, as after a restart. A job that has a state is never sent again.

        What has a prediction is followed, images included; what was intended or unknown is looked for at the platform; what
        failed stays failed. Jobs of the request without a state have not been sent, and are now.
        """
        self._claim(states)
        return SetRun(self, job, self._line(job.key), tuple(states)).events()

    def look_again(self, job: Job, states: Sequence[JobState], frames: Collection[int]) -> AsyncIterator[Event]:
        """Looks once more for the images at `frames` (indices from 0) that did not come, and never sends anything.

        An unknown job is looked for at the platform, at once and after 2 s; one that was found or runs is followed; what was made
        and could not be fetched is fetched again. Jobs without a state, and failed ones, stay as they are.
        """
        self._claim(states)
        known = tuple(state for state in states if state.state != "failed")
        return SetRun(self, job, self._line(job.key), known, frames).events()

    def claim(self, prediction_ids: Iterable[str]) -> None:
        """Tells it, at the start, which jobs at the platform belong to recorded sets: no lost job is taken for one of them."""
        self.claims.claim(prediction_ids)

    def _claim(self, states: Sequence[JobState]) -> None:
        """At once, before anybody follows: a lost double may be looked for meanwhile."""
        self.claim(state.prediction_id for state in states if state.prediction_id)

    def recall(self, jobs: Iterable[tuple[JobState, float]]) -> None:
        """Teaches it, at the start, jobs that ended earlier, oldest first, and how many seconds each took."""
        self.learned.recall(jobs)

    def turns(self, line: Line) -> Turns:
        """The turns of the line's account."""
        accounts = of_this_loop(self._turns, dict[str, Turns])
        return accounts.setdefault(line.key.tag if line.key else "", Turns(self.limits, self.door.clock))

    # --------------------------------------------------------------------------------------------------------- money
    async def balance(self, key: Secret) -> Decimal:
        """US dollars on the account."""
        return await self._keyed(key).ask(self.platform.balance(), self.platform.balance_usd)

    async def live_price(self, key: Secret, request: SequenceRequest) -> Decimal:
        """What the platform itself asks for all of the request's images, in US dollars."""
        line, planned = self._keyed(key), self.platform.plan(request, *dimensions(request))
        kinds = {each.endpoint: each for each in planned}
        prices = {name: await line.ask(self.platform.price(each), self.platform.price_usd) for name, each in kinds.items()}
        return sum((prices[each.endpoint] for each in planned), Decimal())

    async def live_limits(self, key: Secret) -> tuple[str, ...]:
        """What the platform's own list of models says otherwise than the catalogue, as sentences; empty until that is known."""
        return await self._listing.differing(self._keyed(key))

    def _keyed(self, key: Secret) -> Line:
        if not key:
            raise KeyMissing(self.platform.title)
        return self._line(key)

    def _line(self, key: Secret | None) -> Line:
        return self.door.line(self.platform.title, self.base_url, key)
