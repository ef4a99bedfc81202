"""What drives a run: from wherever its record stands to its end, through restarts, stops and a database that is away."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, cast

from seedream_ui.catalog import platform_of
from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms.base import Event, Filed, Job, Lost, Picture, Platform, Started, Told
from seedream_ui.platforms.remote import Remote
from seedream_ui.runs.ending import BROKE_OFF, ended
from seedream_ui.runs.files import RunFiles
from seedream_ui.runs.live import Live, Memory
from seedream_ui.runs.records import Records
from seedream_ui.runs.run import Run
from seedream_ui.runs.usual import Usual
from seedream_ui.secret import Secret
from seedream_ui.settings import settings

__all__ = ["Walker"]

log = logging.getLogger(__name__)

PATIENCE = (0.5, 30.0)
"""Seconds between tries at a database that is away: the first, doubling to the last."""
_UNREADABLE = "This image came damaged, or there was no room to keep it."
_KEY_NEEDED = "The server was restarted, and it keeps no keys: give your {platform} key again, and this set goes on by itself."
_KEY_GONE = "This server no longer has its own {platform} key: give one of the same account, and this set goes on."
_PAID_ALREADY = "{platform} has no way to cancel: it is already paid, will finish, and be in your history."


class Walker:
    """Everything here happens in the loop of the walks."""

    def __init__(
        self,
        memory: Memory,
        records: Records,
        files: RunFiles,
        store: ContentStore,
        platforms: Mapping[str, Platform],
        usual: Usual,
    ) -> None:
        self._memory, self._records, self._files, self._store = memory, records, files, store
        self._platforms, self._usual = platforms, usual

    async def walk(self, run_id: str, turn: int) -> None:
        """Walks one run to its end. A round that is over, or not the newest, is left alone."""
        live = self._memory.live.get(run_id)
        if live is None or live.run.turn != turn:
            return
        error = None
        try:
            if await self._has_key(live):
                async with aclosing(cast("AsyncGenerator[Event, None]", self._events(live))) as events:
                    async for event in events:
                        await self._after(live, event)
        except Exception:
            log.exception("run %s broke off", run_id[:6])
            error = BROKE_OFF
        await self._end(live, error)

    async def give(self, live: Live, key: Secret) -> Run:
        """A key for a run that waits for one."""
        live.key = key
        live.nudged.set()
        return live.run

    async def stop(self, live: Live) -> Run:
        """Nothing more is sent, also after a restart. A run that waits for its key ends; what is paid can be looked for again."""
        live.gave_up = live.run.needs_key
        paid = _PAID_ALREADY.format(platform=platform_of(live.run.request).title) if live.run.sent else live.run.activity
        live.update(live.run.changed(stopping=True, activity=paid))
        live.nudged.set()
        async with live.recording:
            if live.run.open:
                await asyncio.to_thread(self._kept, live.run)
        return live.run

    # ----------------------------------------------------------------------------------------------------------- inside
    async def _has_key(self, live: Live) -> bool:
        """Waits for the key that the run was started with, if a restart has forgotten it; false if the run was stopped first."""
        run = live.run
        if run.paid_by == "operator" and live.key is None:
            live.key = settings().operator_keys.get(run.request.platform)
        if run.paid_by == "nobody" or live.key:
            return True
        words = _KEY_NEEDED if run.paid_by == "visitor" else _KEY_GONE
        live.update(run.changed(needs_key=True, activity=words.format(platform=platform_of(run.request).title)))
        while not (live.key or live.gave_up or (live.run.stopping and not live.run.sent)):
            live.nudged.clear()
            await live.nudged.wait()
        live.update(live.run.changed(needs_key=False, activity=None))
        return live.key is not None

    def _events(self, live: Live) -> AsyncIterator[Event]:
        run, platform = live.run, self._platforms[live.run.request.platform]
        job = Job(run.request, run.width, run.height, self._store, lambda: live.run.stopping, live.key, run.visitor)
        if not isinstance(platform, Remote):
            return platform.make(job)
        return platform.look_again(job, run.jobs, run.recoverable) if run.looking else platform.resume(job, run.jobs)

    async def _after(self, live: Live, event: Event) -> None:
        """Takes an event in. Whatever it waits for, it changes the newest snapshot."""
        match event:
            case Started(index):
                if not live.run.frames[index].file:
                    live.update(live.run.with_frame(index + 1, state="making"))
            case Picture(index, data, flagged):
                saved = await asyncio.to_thread(self._saved, live.run.folder, index + 1, data)
                live.update(live.run.with_frame(index + 1, flagged=flagged, **saved))
            case Lost(index, reason):
                if not live.run.frames[index].file:
                    live.update(live.run.with_frame(index + 1, state="failed", error=reason))
            case Told(sentence):
                live.update(live.run.changed(activity=sentence or None))
            case Filed(job, refused):
                live.update(live.run.with_job(job))
                if job.state != "done":  # that is known again by asking
                    kept = await self._filed(live, surely=job.state == "intended")
                    if refused and not kept:
                        refused()  # what a crash would not find is not sent

    async def _filed(self, live: Live, surely: bool) -> bool:
        """Whether the run is recorded as it is; `surely`: so that not even a power cut loses it."""
        async with live.recording:
            return await asyncio.to_thread(self._kept, live.run, surely)

    async def _end(self, live: Live, error: str | None) -> None:
        """Records the end however long that takes, and shows it; a restart meanwhile walks the last steps again."""
        async with live.recording:
            last, pause = ended(live.run, live.run.stopping, error), PATIENCE[0]
            while not await asyncio.to_thread(self._kept, last):
                live.update(last.changed(open=True))
                await asyncio.sleep(pause)
                pause = min(pause * 2, PATIENCE[1])
                last = live.run.changed(open=False)
            self._usual.note(last)
            self._memory.ends(last)
            live.update(last)  # last of all: once anybody has seen the end, a restart does not lose it

    def _saved(self, folder: str, index: int, data: bytes) -> dict[str, Any]:
        """The changes to the frame; an image that cannot be kept fails alone."""
        try:
            return {"state": "done", "error": None, **self._files.save(folder, index, data)}
        except Exception:
            log.exception("an image could not be kept")
            return {"state": "failed", "error": _UNREADABLE}

    def _kept(self, run: Run, surely: bool = False) -> bool:
        """Whether the run is recorded."""
        try:
            self._records.put(run, surely)
        except Exception:
            log.exception("run %s could not be recorded", run.id[:6])
            return False
        return True
