"""One request on its way through a platform: its jobs side by side, their news in one stream."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from seedream_ui.errors import KeyMissing, KeyRefused, PlatformError, SeedreamError
from seedream_ui.platforms.base import Event, Filed, Job, JobState, Lost, Told
from seedream_ui.platforms.http import Line
from seedream_ui.platforms.remote import pace
from seedream_ui.platforms.remote.work import JobRun
from seedream_ui.platforms.seam import Planned
from seedream_ui.platforms.turns import Limits, in_line

if TYPE_CHECKING:
    from seedream_ui.platforms.remote.driver import Remote

__all__ = ["SetRun"]

log = logging.getLogger(__name__)

GLANCE = 0.2
"""Real seconds between two looks at whether the run was stopped."""
CLOCKS_SECONDS = 3.0
"""No set is held back longer than this to learn what time it is at the platform."""
_BROKEN = "Something went wrong on this server while this image was made. What was paid for is kept at {platform}; look again."
_NOT_RECORDED = "This server could not record the job, so it was not sent and nothing was charged. Press again in a minute."
_KEY_NEEDED = (
    "The key is needed again to follow this job at {platform}. It may have been taken and charged, and goes on there; "
    "give a key of the same account and look again."
)


class SetRun:
    """A request, from the first call to the last image."""

    def __init__(
        self, remote: "Remote", job: Job, line: Line, states: tuple[JobState, ...], frames: Collection[int] | None = None
    ) -> None:
        """With `frames` (indices from 0) nothing is sent: the recorded jobs are looked at again, for these images."""
        self.remote, self.job, self.line = remote, job, line
        self.platform, self.title = remote.platform, remote.platform.title
        self.hopeless: PlatformError | None = None
        """Why no job of this account can be taken now; those not sent yet are not sent."""
        self.begun = False
        """Whether one of the jobs is at the platform, or about to be."""
        self._states = {state.number: state for state in states}
        self._sends = frames is None
        self._frames = frozenset(range(job.request.count)) if frames is None else frozenset(frames)
        self._news: asyncio.Queue[tuple[Event, asyncio.Event | None] | None] = asyncio.Queue()
        self._unsent: set[asyncio.Task[None]] = set()
        self.stopped = asyncio.Event()
        self._told: set[str] = set()
        self._placed = ""
        self._images: asyncio.Task[tuple[str, ...]] | None = None

    async def events(self) -> AsyncIterator[Event]:
        work = asyncio.create_task(self._work())
        try:
            while news := await self._news.get():
                event, taken_in = news
                yield event
                if taken_in:
                    taken_in.set()
            await work
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    # ------------------------------------------------------------------------------------------------- what jobs tell
    def tell(self, event: Event) -> None:
        self._news.put_nowait((event, None))

    def say(self, sentence: str) -> None:
        """Says it once, however many jobs have it to say."""
        if sentence not in self._told:
            self._told.add(sentence)
            self.tell(Told(sentence))

    def placed(self, place: int, images: int) -> None:
        """Says how the line has moved; once a job is at the platform only that others wait, and that once."""
        what = in_line(place)
        if self.begun:
            what = f"{images} images wait for their turn" if images > 1 else "1 image waits for its turn"
        if self._placed != (now := "begun" if self.begun else what):
            self._placed = now
            self.tell(Told(f"{what} at {self.title}: {_allowed(self.remote.limits)}."))

    def file(self, state: JobState) -> JobState:
        self._news.put_nowait((Filed(state), None))
        return state

    async def file_first(self, state: JobState) -> JobState:
        """Returns once whoever follows the run has taken the state in, so that it is stored before anything is sent.

        Raises `PlatformError` if it could not be stored.
        """
        taken_in, refused = asyncio.Event(), asyncio.Event()
        self._news.put_nowait((Filed(state, refused.set), taken_in))
        await taken_in.wait()
        if refused.is_set():
            raise PlatformError(self.title, _NOT_RECORDED)
        return state

    def lose(self, frames: tuple[int, ...], reason: str) -> None:
        for index in frames:
            self.tell(Lost(index, reason))

    # ----------------------------------------------------------------------------------------------- what jobs ask for
    async def images(self) -> tuple[str, ...]:
        """The references' addresses; the first job that asks has them uploaded for all."""
        if self._images is None:
            self._images = asyncio.create_task(self._uploaded())
        return await asyncio.shield(self._images)

    def sending(self) -> bool:
        """Whether a job may be sent now. From here on it is not stopped any more."""
        task = asyncio.current_task()
        if task:
            self._unsent.discard(task)
        self.begun = True
        return not self.job.should_stop()

    def give_up(self, error: PlatformError) -> None:
        """No job of this account can be taken now: those that wait to be sent end at once, and say so."""
        if not self.hopeless:
            self.hopeless = error
            for task in self._unsent:
                task.cancel()

    @contextmanager
    def wait(self) -> Iterator[None]:
        """To be held while a job waits to be sent. Raises why the run gave up, if it does so meanwhile."""
        try:
            yield
        except asyncio.CancelledError:
            if self.hopeless:
                raise self.hopeless from None
            raise

    def waiting(self) -> None:
        """The platform did not take the job: until the next try it can be stopped again."""
        if task := asyncio.current_task():
            self._unsent.add(task)

    # ------------------------------------------------------------------------------------------------------- inside
    async def _uploaded(self) -> tuple[str, ...]:
        references = self.job.request.references
        if missing := self.remote.uploads.missing(references, self.line):
            self.say(f"Uploading {missing} reference image{'s' if missing > 1 else ''}.")
        addresses = await self.remote.uploads.addresses(references, self.job.store, self.line)
        await self._clocks_compared()
        return addresses

    async def _clocks_compared(self) -> None:
        """A job whose answer is lost is found by when it was sent on the platform's clock: that is asked for once, before."""
        if self.line.ahead is None:
            with suppress(PlatformError, TimeoutError):
                async with asyncio.timeout(CLOCKS_SECONDS):
                    await self.line.once(self.platform.balance())

    async def _work(self) -> None:
        watch = asyncio.create_task(self._watch())
        jobs: list[asyncio.Task[None]] = []
        try:
            for planned in self._planned():
                jobs.append(asyncio.create_task(self._one(planned, self._states.get(planned.number))))
                if planned.number not in self._states:
                    self._unsent.add(jobs[-1])
            ends = await asyncio.gather(*jobs, return_exceptions=True)
            for job, error in zip(jobs, ends, strict=True):
                if error and not (job.cancelled() and job in self._unsent):
                    raise error
        finally:
            open_tasks = [watch, *jobs, *([self._images] if self._images else [])]
            for task in open_tasks:
                task.cancel()
            await asyncio.gather(*open_tasks, return_exceptions=True)
            self._news.put_nowait(None)

    def _planned(self) -> list[Planned]:
        """The jobs that there is something to do for. Of a run that is stopped already nothing more is begun."""
        planned = self.platform.plan(self.job.request, self.job.width, self.job.height)
        begins = self._sends and not self.job.should_stop()
        return [each for each in planned if self._frames.intersection(each.frames) and (begins or each.number in self._states)]

    async def _watch(self) -> None:
        """Stops what is not sent yet as soon as the run is stopped; what is sent may be paid, and is followed to its end."""
        while not self.job.should_stop():  # noqa: ASYNC110 - it is a function, asked from any thread
            await asyncio.sleep(GLANCE)
        self.stopped.set()
        for task in self._unsent:
            task.cancel()

    async def _one(self, planned: Planned, state: JobState | None) -> None:
        """One job to its end; whatever happens to it, the others go on.

        One that is stopped before it was sent may be cancelled before its first line here.
        """
        run = JobRun(self, planned, self._frames)
        look_ups = pace.LOOK_UPS if self._sends else pace.LOOK_AGAIN
        try:
            if not self.line.key:
                raise KeyMissing(self.title) if state is None else KeyRefused(self.title, _KEY_NEEDED.format(platform=self.title))
            await (run.begin() if state is None else run.go_on(state, look_ups))
        except asyncio.CancelledError:
            if asyncio.current_task() not in self._unsent:
                raise
        except SeedreamError as error:
            self.lose(run.missing, str(error))
        except Exception:
            log.exception("a job at %s broke off", self.title)
            self.lose(run.missing, _BROKEN.format(platform=self.title))
        finally:
            run.leave()


def _allowed(limits: Limits) -> str:
    """“an account may have 3 jobs at once and 10 images a minute”."""
    jobs = f"{limits.concurrent} job{'s' if limits.concurrent > 1 else ''} at once"
    most = limits.images_per_minute
    return f"an account may have {jobs}" + (f" and {most} image{'s' if most > 1 else ''} a minute" if most else "")
