"""The run: started once, owned by the server, followed by whoever has its id."""

import asyncio
import logging
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from seedream_ui.catalog import platform_of
from seedream_ui.checks import check
from seedream_ui.errors import NotConnected, ReferenceMissing, RunNotFound
from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms import PLATFORMS
from seedream_ui.platforms.base import Event, Filed, Job, Lost, Picture, Platform, Started, Told
from seedream_ui.platforms.remote import Remote
from seedream_ui.request import SequenceRequest
from seedream_ui.runs.caps import ANYBODY, Spender, Spending
from seedream_ui.runs.ending import BROKE_OFF, ended, left_behind
from seedream_ui.runs.files import FOLDER_PREFIX, RunFiles, write
from seedream_ui.runs.paying import Payer, payer_of
from seedream_ui.runs.run import Run, new_run
from seedream_ui.secret import Secret

__all__ = ["Runs"]

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[A-Za-z0-9_-]{32}")
PRESSES_KEPT = 10_000
"""How many presses are remembered, so that a press that is sent again within any sensible time finds its run."""

_GONE = "That set is no longer on this server. Its words are still in the form: press to make it again."
_UNREADABLE = "This image came damaged, or there was no room to keep it."


class _Live:
    """A run in this process: its newest snapshot, its task, and a way to wait for news."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.stopping = False
        self.task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    def update(self, run: Run) -> None:
        self.run = run
        self._news.set()
        self._news = asyncio.Event()

    async def newer(self, version: int, seconds: float | None) -> Run:
        news = self._news
        if self.run.version <= version and self.run.open:
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), seconds)
        return self.run


class Runs:
    """Starts, follows and stops runs. A run is followed in the event loop that it was started in; others may `find` it.

    Finished runs are kept as small JSON files in `records`, so that a set is still there after a restart of the server.
    """

    def __init__(
        self,
        store: ContentStore,
        files: RunFiles,
        records: Path,
        platforms: Mapping[str, Platform] = PLATFORMS,
        spending: Spending | None = None,
    ) -> None:
        self.store, self.files, self._records, self._platforms = store, files, records, platforms
        self._spending = spending or Spending(records.parent / "spending", None, None)
        self._live: dict[str, _Live] = {}
        self._presses: OrderedDict[str, str] = OrderedDict()

    async def start(
        self, request: SequenceRequest, press: str = "", key: Secret | None = None, spender: Spender = ANYBODY
    ) -> Run:
        """Starts a run and returns at once. The same `press` (an id of one press of the button) never starts two.

        Without a `key` the operator's is used, under the caps, for which `spender` says who presses. Raises `RequestRefused` (a
        cap included), `ReferenceMissing`, `NotConnected` or `KeyMissing`; then nothing was started or charged.
        """
        if press and (known := self._presses.get(press)):
            return self.find(known)
        platform = self._ready(request)
        payer = payer_of(platform_of(request), key, spender)
        run = new_run(secrets.token_urlsafe(24), FOLDER_PREFIX + secrets.token_urlsafe(24), request, payer.who)
        if payer.spender:
            self._spending.reserve(run.id, run.cost_usd, payer.spender)
        if press:
            self._remember(press, run.id)
        return self._go(run, platform.make(self._job(run, payer)))

    async def look_again(self, run_id: str, key: Secret | None = None) -> Run:
        """Looks at the platform once more for images that were paid for, perhaps, and are not here; nothing is sent.

        Raises `RunNotFound` or `KeyMissing`.
        """
        run = self.find(run_id)
        platform = self._platforms.get(run.request.platform)
        missing = run.recoverable
        if run.open or not missing or not isinstance(platform, Remote):
            return run
        payer = payer_of(platform_of(run.request), key, ANYBODY)
        run = run.changed(status="running", open=True, error=None, finished_at=None)
        return self._go(run, platform.look_again(self._job(run, payer), run.jobs, missing))

    def find(self, run_id: str) -> Run:
        """The run as it is now. Raises `RunNotFound`."""
        if live := self._live.get(run_id):
            return live.run
        if RUN_ID.fullmatch(run_id) and (path := self._records / f"{run_id}.json").exists():
            run = left_behind(Run.model_validate_json(path.read_bytes()))
            if not run.returned or self.files.folder(run.folder).exists():
                return run
        raise RunNotFound(run_id, _GONE)

    async def newer(self, run_id: str, version: int = -1, seconds: float | None = None) -> Run:
        """The run as soon as it is newer than `version`, or as it is after so many seconds. Raises `RunNotFound`."""
        live = self._live.get(run_id)
        return await live.newer(version, seconds) if live else self.find(run_id)

    async def follow(self, run_id: str) -> AsyncIterator[Run]:
        """Every newer snapshot until the run is over. Raises `RunNotFound`."""
        run = self.find(run_id)
        yield run
        while run.open:
            run = await self.newer(run_id, run.version)
            yield run

    async def finish(self, run_id: str) -> Run:
        """Waits until the run is over, or unknown: then looking goes on without the caller. Raises `RunNotFound`."""
        run = self.find(run_id)
        while not run.finished:
            run = await self.newer(run_id, run.version)
        return run

    def stop(self, run_id: str) -> Run:
        """Asks the run to stop; what is made so far stays. Raises `RunNotFound`."""
        run = self.find(run_id)
        if live := self._live.get(run_id):
            live.stopping = True
        return run

    def reap(self, keep_days: float, keep_gb: float) -> None:
        """Deletes what is too old or too much; runs that are still going stay. May be called from another thread."""
        going = {live.run.folder for live in list(self._live.values())}
        self.files.reap(keep_days, keep_gb, going)
        self.store.reap(keep_days * 86_400)
        for path in self._records.glob("*.json"):
            if path.stat().st_mtime < time.time() - keep_days * 86_400:
                path.unlink(missing_ok=True)

    def _remember(self, press: str, run_id: str) -> None:
        self._presses[press] = run_id
        while len(self._presses) > PRESSES_KEPT:
            self._presses.popitem(last=False)

    def _job(self, run: Run, payer: Payer) -> Job:
        return Job(run.request, run.width, run.height, self.store, lambda: self._stopping(run.id), payer.key)

    def _stopping(self, run_id: str) -> bool:
        live = self._live.get(run_id)
        return live is None or live.stopping

    def _go(self, run: Run, events: AsyncIterator[Event]) -> Run:
        live = self._live[run.id] = _Live(run)
        live.task = asyncio.create_task(self._drive(live, events), name=f"run {run.id[:6]}")
        return run

    def _ready(self, request: SequenceRequest) -> Platform:
        """The platform, once everything that can be known before sending has been checked."""
        check(request)
        named = platform_of(request)
        if not (platform := self._platforms.get(request.platform)):
            raise NotConnected(f"{named.title} is not connected yet in this version. Nothing was sent; Sketch draws this now.")
        for number, reference in enumerate(request.references, 1):
            if not self.store.has(reference.sha256):
                raise ReferenceMissing(f"image {number}", "it is no longer stored on this server; add it again.")
        return platform

    async def _drive(self, live: _Live, events: AsyncIterator[Event]) -> None:
        """Walks one run to its end; whatever happens, it ends in a state that is shown."""
        error = None
        try:
            async for event in events:
                live.update(await self._after(live.run, event))
        except Exception:
            log.exception("run %s broke off", live.run.id[:6])
            error = BROKE_OFF
        last = ended(live.run, live.stopping, error)
        kept = await asyncio.to_thread(self._keep, last)
        if last.paid_by == "operator" and last.status != "unknown":
            self._spending.settle(last.id, last.cost_usd)
        live.update(last)  # once anybody has seen the end, a restart does not lose it
        if kept:
            del self._live[live.run.id]

    async def _after(self, run: Run, event: Event) -> Run:
        match event:
            case Started(index):
                return run.with_frame(index + 1, state="making")
            case Picture(index, data, flagged):
                saved = await asyncio.to_thread(self._save, run, index + 1, data)
                return run.with_frame(index + 1, flagged=flagged, **saved)
            case Lost(index, reason):
                return run.with_frame(index + 1, state="failed", error=reason)
            case Told(sentence):
                return run.changed(activity=sentence)
            case Filed(job):
                run = run.with_job(job)
                await asyncio.to_thread(self._keep, run)  # before it is sent: a crash finds what to look for
                return run

    def _save(self, run: Run, index: int, data: bytes) -> dict[str, Any]:
        """The changes to the frame; an image that cannot be kept fails alone."""
        try:
            return {"state": "done", **self.files.save(run.folder, index, data)}
        except Exception:
            log.exception("run %s: image %d could not be kept", run.id[:6], index)
            return {"state": "failed", "error": _UNREADABLE}

    def _keep(self, run: Run) -> bool:
        """Whether the record is on disk; where it cannot be, the run stays in memory."""
        try:
            write(self._records / f"{run.id}.json", run.model_dump_json().encode())
        except OSError:
            log.exception("run %s could not be recorded", run.id[:6])
            return False
        return True
