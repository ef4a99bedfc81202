"""The run: started once, owned by the server, driven to its end through whatever happens, followed by whoever may see it."""

import asyncio
import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, cast

from seedream_ui.catalog import platform_of
from seedream_ui.checks import check
from seedream_ui.errors import NotConnected, ReferenceMissing, RunNotFound, RunNotRecorded, SeedreamError
from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms import PLATFORMS
from seedream_ui.platforms.base import Event, Filed, Job, Lost, Picture, Platform, Started, Told
from seedream_ui.platforms.remote import Remote
from seedream_ui.request import SequenceRequest
from seedream_ui.runs.database import opened
from seedream_ui.runs.durable import Durable
from seedream_ui.runs.ending import BROKE_OFF, ended
from seedream_ui.runs.files import FOLDER_PREFIX, RunFiles
from seedream_ui.runs.history import History
from seedream_ui.runs.ledger import ANYBODY, Caps, Ledger, Spender
from seedream_ui.runs.live import Live
from seedream_ui.runs.marks import Marks, visitor_tag
from seedream_ui.runs.owner import Owner
from seedream_ui.runs.paying import payer_of
from seedream_ui.runs.records import Pressed, Records
from seedream_ui.runs.run import Run, new_run
from seedream_ui.runs.usual import Usual
from seedream_ui.secret import Secret
from seedream_ui.settings import Settings

__all__ = ["Runs"]

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[A-Za-z0-9_-]{32}")
LEARNED_FROM = 300
"""So many of the newest runs tell at the start how long sets usually take."""
ENDED_KEPT = 256
"""Ended runs that are held in memory, for those who still look at them."""

_GONE = "That set is no longer on this server. Its words are still in the form: press to make it again."
_UNREADABLE = "This image came damaged, or there was no room to keep it."
_KEY_NEEDED = "The server was restarted, and it keeps no keys: give your {platform} key again, and this set goes on by itself."
_PAID_ALREADY = "{platform} has no way to cancel: it is already paid, will finish, and be in your history."


class Runs:
    """Starts, follows and stops runs, in the data folder and database that the settings name, which this holds until `close`.

    Runs are driven in a loop of their own, so that none depends on who started it. What must not be lost is recorded before the
    next step: the request and its quote before anything is sent, each job's ticket, and the end. After a restart every open run
    is taken up again from there. Raises `DataFolderInUse`.
    """

    def __init__(self, place: Settings, platforms: Mapping[str, Platform] = PLATFORMS) -> None:
        self._owner = Owner(place.data_dir, place.executor)
        place.files.mkdir(parents=True, exist_ok=True)
        self.store, self.files, self._platforms = ContentStore(place.references), RunFiles(place.files), platforms
        self._marks = Marks(place.data_dir)
        self._engine = opened(place.database)
        self.ledger = Ledger(self._engine, self._marks, Caps(place.daily_cap_usd, place.visitor_cap_usd))
        self._records = Records(self._engine, self._owner.executor, self.ledger)
        self._ended: OrderedDict[str, Run] = OrderedDict()
        left = self._records.open()
        self._live = {run.id: Live(self._restored(run)) for run in left}
        self.usual = Usual()
        self._learn(self._records.newest(LEARNED_FROM)[::-1])
        self._durable = Durable(self._engine, self._owner.executor, self._walk)
        self.history = History(self._records, self.ledger, self.files, self.store, self._durable)
        for run in left:
            self._durable.call(self._durable.begin(run.id, run.turn))

    def close(self) -> None:
        """Drops everything where it stands, as a killed process would; the next one on the same place goes on with it."""
        self._durable.close()
        self._engine.dispose()
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
        if pressed and (known := await asyncio.to_thread(self._records.pressed, pressed)):
            return self.find(known, spender.visitor)
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
        run = self.find(run_id, visitor)
        if run.needs_key and key:
            return await self._durable.run(self._give(self._live[run.id], key))
        missing = run.recoverable
        if run.open or not missing or not isinstance(self._platforms.get(run.request.platform), Remote):
            return run
        payer = payer_of(platform_of(run.request), key, ANYBODY)
        again = {"status": "running", "open": True, "looking": True, "turn": run.turn + 1, "stopping": False}
        run = run.changed(**again, error=None, finished_at=None)
        return await self._durable.run(self._take_up(Live(run, payer.key)))

    async def give_key(self, key: Secret, platform: str, visitor: str) -> int:
        """Goes on with the visitor's runs that wait for this very key. Gives how many do."""
        mark, tag = self._marks.of_key(key), visitor_tag(visitor)
        asked = (platform, tag, mark)
        waiting = [
            live
            for live in list(self._live.values())
            if live.run.needs_key and (live.run.request.platform, live.run.visitor, live.run.key_mark) == asked
        ]
        for live in waiting:
            await self._durable.run(self._give(live, key))
        return len(waiting)

    def find(self, run_id: str, visitor: str = "") -> Run:
        """The run as it is now. Raises `RunNotFound`, for a run that is somebody else's too."""
        live = self._live.get(run_id)
        run = live.run if live else self._ended.get(run_id) or self._recorded(run_id)
        if run is None or (run.visitor and run.visitor != visitor_tag(visitor)):
            raise RunNotFound(run_id, _GONE)
        return run

    async def newer(self, run_id: str, version: int = -1, seconds: float | None = None, visitor: str = "") -> Run:
        """The run as soon as it is newer than `version`, or as it is after so many seconds. Raises `RunNotFound`."""
        run = self.find(run_id, visitor)
        live = self._live.get(run_id)
        return await live.newer(version, seconds) if live else run

    async def follow(self, run_id: str, visitor: str = "") -> AsyncIterator[Run]:
        """Every newer snapshot until the run is over. Raises `RunNotFound`."""
        run = self.find(run_id, visitor)
        yield run
        while run.open:
            run = await self.newer(run_id, run.version, visitor=visitor)
            yield run

    async def finish(self, run_id: str, visitor: str = "") -> Run:
        """Waits until the run is over, or unknown: then looking goes on without the caller. Raises `RunNotFound`."""
        run = self.find(run_id, visitor)
        while not run.finished:
            run = await self.newer(run_id, run.version, visitor=visitor)
        return run

    async def stop(self, run_id: str, visitor: str = "") -> Run:
        """Asks the run to stop: nothing more is sent, what is made so far stays, what is paid comes. Raises `RunNotFound`."""
        run = self.find(run_id, visitor)
        live = self._live.get(run_id)
        return await self._durable.run(self._stopped(live)) if live and run.open and not run.stopping else run

    async def delete(self, run_id: str, visitor: str = "") -> None:
        """Deletes a run that is over, its images too; its line in the ledger stays. Raises `RunNotFound` or `RequestRefused`."""
        run = self.find(run_id, visitor)
        await asyncio.to_thread(self.history.delete, run)
        self._ended.pop(run_id, None)

    def reap(self, keep_days: float, keep_gb: float) -> None:
        """Deletes what is too old or too much; open and pinned runs stay. Takes a while; for a thread of its own."""
        for run_id in self.history.reap(keep_days, keep_gb):
            self._ended.pop(run_id, None)

    # ------------------------------------------------------------------------------------------- in the loop of the runs
    async def _begin(self, live: Live, press: str, spender: Spender) -> Run:
        try:
            await asyncio.to_thread(self._records.add, live.run, press, spender)
        except Pressed as known:
            return self.find(known.run_id, spender.visitor)
        except SeedreamError:
            raise
        except Exception:
            log.exception("a run could not be recorded")
            raise RunNotRecorded from None
        return await self._walking(live)

    async def _take_up(self, live: Live) -> Run:
        if (other := self._live.get(live.run.id)) is not None:  # two tabs asked at once
            return other.run
        self._live[live.run.id] = live
        self._ended.pop(live.run.id, None)
        await asyncio.to_thread(self._records.put, live.run)
        return await self._walking(live)

    async def _walking(self, live: Live) -> Run:
        self._live[live.run.id] = live
        await self._durable.begin(live.run.id, live.run.turn)
        return live.run

    async def _walk(self, run_id: str, turn: int) -> None:
        """Walks one run to its end, from wherever its record stands."""
        live = self._live.get(run_id)
        if live is None or live.run.turn != turn:
            return
        error = None
        try:
            if await self._has_key(live):
                async with aclosing(cast("AsyncGenerator[Event, None]", self._events(live))) as events:
                    async for event in events:
                        live.update(await self._after(live.run, event))
        except Exception:
            log.exception("run %s broke off", run_id[:6])
            error = BROKE_OFF
        await self._end(live, ended(live.run, live.run.stopping, error))

    async def _end(self, live: Live, last: Run) -> None:
        kept = await asyncio.to_thread(self._keep, last)
        self.usual.note(last)
        if kept:
            self._ended[last.id] = last
            while len(self._ended) > ENDED_KEPT:
                self._ended.popitem(last=False)
            del self._live[last.id]
        live.update(last)  # last of all: once anybody has seen the end, a restart does not lose it

    async def _has_key(self, live: Live) -> bool:
        """Waits for the key that the run was started with, if a restart has forgotten it; false if the run was stopped first."""
        run = live.run
        if run.paid_by == "operator" and live.key is None:
            live.key = payer_of(platform_of(run.request), None, ANYBODY).key
        if run.paid_by == "nobody" or live.key:
            return True
        live.update(run.changed(needs_key=True, activity=_KEY_NEEDED.format(platform=platform_of(run.request).title)))
        while not live.key and not (live.run.stopping and not live.run.sent):
            live.nudged.clear()
            await live.nudged.wait()
        live.update(live.run.changed(needs_key=False, activity=None))
        return bool(live.key)

    def _events(self, live: Live) -> AsyncIterator[Event]:
        run, platform = live.run, self._platforms[live.run.request.platform]
        job = Job(run.request, run.width, run.height, self.store, lambda: live.run.stopping, live.key, run.visitor)
        if not isinstance(platform, Remote):
            return platform.make(job)
        return platform.look_again(job, run.jobs, run.recoverable) if run.looking else platform.resume(job, run.jobs)

    async def _give(self, live: Live, key: Secret) -> Run:
        live.key = key
        live.nudged.set()
        return live.run

    async def _stopped(self, live: Live) -> Run:
        paid = _PAID_ALREADY.format(platform=platform_of(live.run.request).title) if live.run.sent else None
        live.update(live.run.changed(stopping=True, activity=paid or live.run.activity))
        await asyncio.to_thread(self._keep, live.run)  # a restart does not send what was stopped
        live.nudged.set()
        return live.run

    async def _after(self, run: Run, event: Event) -> Run:
        match event:
            case Started(index):
                return run if run.frames[index].file else run.with_frame(index + 1, state="making")
            case Picture(index, data, flagged):
                saved = await asyncio.to_thread(self._save, run, index + 1, data)
                return run.with_frame(index + 1, flagged=flagged, **saved)
            case Lost(index, reason):
                return run if run.frames[index].file else run.with_frame(index + 1, state="failed", error=reason)
            case Told(sentence):
                return run.changed(activity=sentence or None)
            case Filed(job):
                run = run.with_job(job)
                if job.state == "intended":
                    await asyncio.to_thread(self._records.put, run)  # or it is not sent: a crash must find what to look for
                elif job.state != "done":  # that is known again by asking
                    await asyncio.to_thread(self._keep, run)
                return run

    def _save(self, run: Run, index: int, data: bytes) -> dict[str, Any]:
        """The changes to the frame; an image that cannot be kept fails alone."""
        try:
            return {"state": "done", "error": None, **self.files.save(run.folder, index, data)}
        except Exception:
            log.exception("run %s: image %d could not be kept", run.id[:6], index)
            return {"state": "failed", "error": _UNREADABLE}

    def _keep(self, run: Run) -> bool:
        """Whether the run is recorded; where it cannot be, it stays in memory."""
        try:
            self._records.put(run)
        except Exception:
            log.exception("run %s could not be recorded", run.id[:6])
            return False
        return True

    # ------------------------------------------------------------------------------------------------------ what is left
    def _recorded(self, run_id: str) -> Run | None:
        run = self._records.get(run_id) if RUN_ID.fullmatch(run_id) else None
        return self.history.with_files(run) if run else None

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

    def _ready(self, request: SequenceRequest) -> None:
        """Everything that can be known before sending is checked."""
        check(request)
        if request.platform not in self._platforms:
            title = platform_of(request).title
            raise NotConnected(f"{title} is not connected yet in this version. Nothing was sent; Sketch draws this now.")
        for number, reference in enumerate(request.references, 1):
            if not self.store.has(reference.sha256):
                raise ReferenceMissing(f"image {number}", "it is no longer stored on this server; add it again.")
