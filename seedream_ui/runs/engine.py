"""The run: started once, owned by the server, driven to its end through whatever happens, followed by whoever may see it."""

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from seedream_ui.catalog import platform_of
from seedream_ui.checks import check
from seedream_ui.errors import KeyMissing, NotConnected, ReferenceMissing, RunNotFound, RunNotRecorded, SeedreamError
from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms import PLATFORMS
from seedream_ui.platforms.base import Platform
from seedream_ui.platforms.remote import Remote
from seedream_ui.request import SequenceRequest
from seedream_ui.runs.database import Database
from seedream_ui.runs.durable import Durable
from seedream_ui.runs.files import FOLDER_PREFIX, RunFiles
from seedream_ui.runs.history import History
from seedream_ui.runs.ledger import ANYBODY, Caps, Ledger, Spender
from seedream_ui.runs.live import Live, Memory
from seedream_ui.runs.marks import Marks, visitor_tag
from seedream_ui.runs.owner import Owner
from seedream_ui.runs.paying import key_state, payer_of
from seedream_ui.runs.records import Pressed, Records
from seedream_ui.runs.run import Run, new_run
from seedream_ui.runs.usual import Usual
from seedream_ui.runs.walk import Walker
from seedream_ui.secret import Secret
from seedream_ui.settings import Settings

__all__ = ["Runs"]

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[A-Za-z0-9_-]{32}")
LEARNED_FROM = 300
"""So many of the newest runs tell at the start how long sets usually take."""
AGAIN_SECONDS = 2.0
"""Between tries at a database that is away."""
GLANCE_SECONDS = (0.05, 1.0)
"""Between looks at the record of a run that does not go on here: the first, doubling to the last."""

T = TypeVar("T")
_GONE = "That set is no longer on this server, or it is not yours. Nothing was changed or charged."


class Runs:
    """Starts, follows and stops runs, in the data folder and database that the settings name, which this holds until `close`.

    Runs are driven in a loop of their own, so that none depends on who started it. What must not be lost is recorded before the
    next step: the request and its quote before anything is sent, each job's ticket, and the end. After a restart every open run
    is taken up again from there. Raises `DataFolderInUse`, `DatabaseNotReached`, `ExecutorInUse`, and `ValueError` for a database
    URL of another kind.
    """

    def __init__(self, place: Settings, platforms: Mapping[str, Platform] = PLATFORMS) -> None:
        self._owner = Owner(place.data_dir, place.executor)
        place.files.mkdir(parents=True, exist_ok=True)
        self.store, self.files, self._platforms = ContentStore(place.references), RunFiles(place.files), platforms
        self._marks, self._database = Marks(place.data_dir), Database(place.database, self._owner.executor)
        self.ledger = Ledger(self._database, Caps(place.daily_cap_usd, place.visitor_cap_usd))
        self._records = Records(self._database, self._owner.executor, self.ledger)
        self.usual, self._memory = Usual(), Memory()
        self._learn(self._records.newest(LEARNED_FROM)[::-1])
        self._walker = Walker(self._memory, self._records, self.files, self.store, platforms, self.usual)
        self._left: set[asyncio.Task[None]] = set()
        left = [self._restored(run) for run in self._records.open()]
        for run in left:
            self._memory.begins(Live(run))
        self._durable = Durable(self._database.engine, self._owner.executor, self._walker.walk)
        self.history = History(self._records, self.ledger, self.files, self.store, self._durable, place.keep_gb)
        for run in left:
            self._durable.call(self._goes_on(run))

    def close(self) -> None:
        """Drops everything where it stands, as a killed process would; the next one on the same place goes on with it."""
        self._durable.close()
        self._database.close()
        self._owner.release()

    # ------------------------------------------------------------------------------------------------ what people may do
    async def start(
        self, request: SequenceRequest, press: str = "", key: Secret | None = None, spender: Spender = ANYBODY
    ) -> Run:
        """Starts a run and returns at once. The same `press` (an id of one press of the button) never starts two, ever.

        Without a `key` the operator's is used, under the caps. `spender` says who presses; the run is theirs. Raises
        `RequestRefused` (a cap included), `ReferenceMissing`, `NotConnected`, `KeyMissing` or `RunNotRecorded`; then nothing was
        started or charged.
        """
        tag = visitor_tag(spender.visitor)
        pressed = visitor_tag(f"{spender.visitor} {press}") if press else ""
        if pressed and (known := await self._asked(self._records.pressed, pressed)):
            return await self.found(known, spender.visitor)
        self._ready(request)
        payer = payer_of(platform_of(request), key, spender)
        own = self._marks.of_key(payer.key) if payer.who == "visitor" else ""
        ids = secrets.token_urlsafe(24), FOLDER_PREFIX + secrets.token_urlsafe(24)
        run = new_run(*ids, request, paid_by=payer.who, visitor=tag, key_mark=own)
        return await self._durable.run(self._begin(Live(run, payer.key), pressed, spender))

    async def look_again(self, run_id: str, key: Secret | None = None, visitor: str = "") -> Run:
        """Looks at the platform once more for images that were paid for, perhaps, and are not here; nothing is sent.

        A run that waits for its key takes the one given, whichever it is. Raises `RunNotFound` or `KeyMissing`.
        """
        run = await self.found(run_id, visitor)
        live, platform = self._memory.live.get(run_id), platform_of(run.request)
        if live and run.needs_key:
            if not key:
                raise KeyMissing(platform.title)
            return await self._durable.run(self._walker.give(live, key))
        if run.open or not run.recoverable or not isinstance(self._platforms.get(run.request.platform), Remote):
            return run
        if run.paid_by == "visitor" and not key:  # the operator's account has nothing of it
            raise KeyMissing(platform.title)
        operators = run.paid_by == "operator" and key_state(platform, None) == "operator"  # and the visitor's nothing of this one
        payer = payer_of(platform, None if operators else key, ANYBODY)
        again = {"status": "running", "open": True, "looking": True, "turn": run.turn + 1, "stopping": False}
        run = run.changed(**again, error=None, finished_at=None)
        return await self._durable.run(self._take_up(Live(run, payer.key)))

    async def give_key(self, key: Secret, platform: str, visitor: str) -> int:
        """Goes on with the visitor's runs that wait for this very key. Gives how many do."""
        mark, tag = self._marks.of_key(key), visitor_tag(visitor)
        asked = (platform, tag, mark)
        waiting = [
            live
            for live in list(self._memory.live.values())
            if live.key is None and (live.run.request.platform, live.run.visitor, live.run.key_mark) == asked
        ]
        for live in waiting:
            await self._durable.run(self._walker.give(live, key))
        return len(waiting)

    def find(self, run_id: str, visitor: str = "") -> Run:
        """The run as it is now. Raises `RunNotFound`, for a run that is somebody else's too. In an event loop use `found`."""
        return _theirs(run_id, self._memory.get(run_id) or self._recorded(run_id), visitor)

    async def found(self, run_id: str, visitor: str = "") -> Run:
        """As `find`, without holding the caller's loop while the database is asked."""
        return _theirs(run_id, self._memory.get(run_id) or await self._database.asked(self._recorded, run_id), visitor)

    def now(self, run: Run) -> Run:
        """A recorded run as it is at this moment: where it goes on here its record lags behind."""
        return (self._memory.get(run.id) or run) if run.open else run

    async def newer(self, run_id: str, version: int = -1, seconds: float | None = None, visitor: str = "") -> Run:
        """The run as soon as it is newer than `version`, or as it is after so many seconds. Raises `RunNotFound`."""
        run, pause = await self.found(run_id, visitor), GLANCE_SECONDS[0]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (live := self._memory.live.get(run_id)) and run.open and run.version <= version:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, GLANCE_SECONDS[1])
                    run = await self.found(run_id, visitor)
        return await live.newer(version, seconds) if live else run

    async def follow(self, run_id: str, visitor: str = "") -> AsyncIterator[Run]:
        """Every newer snapshot until the run is over. Raises `RunNotFound`."""
        run = await self.found(run_id, visitor)
        yield run
        while run.open:
            run = await self.newer(run_id, run.version, visitor=visitor)
            yield run

    async def finish(self, run_id: str, visitor: str = "") -> Run:
        """Waits until the run is over, or unknown: then looking goes on without the caller. Raises `RunNotFound`."""
        run = await self.found(run_id, visitor)
        while not run.finished:
            run = await self.newer(run_id, run.version, visitor=visitor)
        return run

    async def stop(self, run_id: str, visitor: str = "") -> Run:
        """Asks the run to stop: nothing more is sent, what is made so far stays, what is paid comes. Raises `RunNotFound`."""
        run = await self.found(run_id, visitor)
        live = self._memory.live.get(run_id)
        again = run.stopping and not run.needs_key
        return await self._durable.run(self._walker.stop(live)) if live and run.open and not again else run

    async def delete(self, run_id: str, visitor: str = "") -> None:
        """Deletes a run that is over, its images too; its line in the ledger stays. Raises `RunNotFound` or `RequestRefused`."""
        run = await self.found(run_id, visitor)
        await asyncio.to_thread(self.history.delete, run)
        self._memory.forget(run_id)

    def reap(self, keep_days: float, keep_gb: float) -> None:
        """Deletes what is too old or too much; open and pinned runs stay. Takes a while; for a thread of its own."""
        for run_id in self.history.reap(keep_days, keep_gb):
            self._memory.forget(run_id)

    # ------------------------------------------------------------------------------------------- in the loop of the runs
    async def _begin(self, live: Live, press: str, spender: Spender) -> Run:
        self._memory.begins(live)
        try:
            await asyncio.to_thread(self._records.add, live.run, press, spender, live.key)
        except BaseException as error:
            self._memory.forget(live.run.id)
            if isinstance(error, Pressed):
                return await self.found(error.run_id, spender.visitor)
            if (said := _in_words(error)) is not error:  # lost on the way, perhaps, to a database that has it
                self._in_time(lambda: asyncio.to_thread(self._records.withdraw, live.run))
            raise said from None
        return await self._walking(live)

    async def _take_up(self, live: Live) -> Run:
        if (other := self._memory.live.get(live.run.id)) is not None:  # two tabs asked at once
            return other.run
        self._memory.begins(live)
        try:
            await asyncio.to_thread(self._records.put, live.run, surely=True)
        except BaseException as error:
            self._memory.forget(live.run.id)
            raise _in_words(error) from None
        return await self._walking(live)

    async def _walking(self, live: Live) -> Run:
        """The run, now that it is recorded. It is walked even if the database has gone away since."""
        try:
            await self._durable.begin(live.run.id, live.run.turn)
        except Exception:
            log.exception("run %s is recorded, and could not be begun yet", live.run.id[:6])
            self._in_time(lambda: self._durable.begin(live.run.id, live.run.turn))
        return live.run

    def _in_time(self, step: Callable[[], Awaitable[None]]) -> None:
        """Has a step done as soon as the database lets it, however long that takes."""
        self._left.add(task := asyncio.create_task(_done(step)))
        task.add_done_callback(self._left.discard)

    # ------------------------------------------------------------------------------------------------------ what is left
    async def _asked(self, question: Callable[[str], T], about: str) -> T:
        """What the database answers; `RunNotRecorded` where it does not, since nothing is sent without it."""
        try:
            return await self._database.asked(question, about)
        except Exception as error:
            raise _in_words(error) from None

    def _recorded(self, run_id: str) -> Run | None:
        entry = self._records.entry(run_id) if RUN_ID.fullmatch(run_id) else None
        return self.history.with_files(entry.run) if entry else None

    async def _goes_on(self, run: Run) -> None:
        """Takes up an open run. Where its round is over all the same, since its end could not be recorded, it gets another."""
        if not await self._durable.goes_on(run.id, run.turn):
            live = self._memory.live[run.id]
            live.update(run.changed(turn=run.turn + 1))
            await asyncio.to_thread(self._records.put, live.run)
            await self._walking(live)

    def _restored(self, run: Run) -> Run:
        """An open run with the images that came before the restart."""
        run = run.changed(interrupted=True, activity=None)
        for index, found in self.files.found(run.folder).items():
            run = run.with_frame(index, state="done", **found)
        return run

    def _learn(self, ended: list[Run]) -> None:
        """What usually happens, from what happened; oldest first."""
        for run in ended:
            self.usual.note(run)
        for name, platform in self._platforms.items():
            if isinstance(platform, Remote):
                jobs = (job for run in ended if run.request.platform == name for job in run.jobs)
                platform.recall((job, job.seconds) for job in jobs if job.seconds)
                platform.claim(self._records.claimed(name))

    def _ready(self, request: SequenceRequest) -> None:
        """Everything that can be known before sending is checked."""
        check(request)
        if request.platform not in self._platforms:
            title = platform_of(request).title
            raise NotConnected(f"{title} is not connected yet in this version. Nothing was sent; Sketch draws this now.")
        for number, reference in enumerate(request.references, 1):
            if not self.store.has(reference.sha256):
                raise ReferenceMissing(f"image {number}", "it is no longer stored on this server; add it again.")


def _theirs(run_id: str, run: Run | None, visitor: str) -> Run:
    if run is None or (run.visitor and run.visitor != visitor_tag(visitor)):
        raise RunNotFound(run_id, _GONE)
    return run


async def _done(step: Callable[[], Awaitable[None]]) -> None:
    while True:
        with suppress(Exception):
            return await step()
        await asyncio.sleep(AGAIN_SECONDS)


def _in_words(error: BaseException) -> BaseException:
    """What may be said of an error while a run was being recorded; the rest is in the log."""
    if isinstance(error, SeedreamError) or not isinstance(error, Exception):
        return error
    log.error("a run could not be recorded", exc_info=error)
    return RunNotRecorded()
