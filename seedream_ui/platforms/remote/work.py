"""One job at a platform: sent at most once, followed to its end, its images fetched."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from seedream_ui.errors import (
    AnswerLost,
    Busy,
    DownloadFailed,
    JobFailed,
    KeyRefused,
    NoCredit,
    PlatformError,
    Rejected,
    SeedreamError,
)
from seedream_ui.platforms.base import JobState, Picture, Started
from seedream_ui.platforms.http import unsaid
from seedream_ui.platforms.patience import patience
from seedream_ui.platforms.remote import pace
from seedream_ui.platforms.remote.cancelling import given_up_when_stopped
from seedream_ui.platforms.remote.claims import mark_of
from seedream_ui.platforms.remote.images import charge_by_rule, fetched, miscount
from seedream_ui.platforms.remote.lookup import Finder
from seedream_ui.platforms.remote.states import intended, running, timed
from seedream_ui.platforms.seam import Output, Planned, Progress, Ticket
from seedream_ui.platforms.turns import MINUTE, Turn

if TYPE_CHECKING:
    from seedream_ui.platforms.remote.run import SetRun

__all__ = ["JobRun"]

log = logging.getLogger(__name__)

GONE_SECONDS = 120.0
"""So long a job that the platform knows nothing of may yet turn up: its machines need not all know at once."""
BILLING_SECONDS = 5.0
"""No set is held back longer than this to learn what it cost; the rule says it as well."""
REMIND_SECONDS = 300.0


class JobRun:
    """A job of a run, and what became of it."""

    def __init__(self, run: "SetRun", planned: Planned, frames: frozenset[int]) -> None:
        self._run, self._planned = run, planned
        self._line, self._platform, self._title = run.line, run.platform, run.title
        self._clock, self._turns = run.line.clock, run.remote.turns(run.line)
        self._turn: Turn | None = None
        self._open = set(planned.frames) & frames

    @property
    def missing(self) -> tuple[int, ...]:
        """The frames that nothing was said of yet."""
        return tuple(sorted(self._open))

    def leave(self) -> None:
        """Gives the account's place back."""
        if self._turn:
            self._turn.release()
        self._turn = None

    def _hold(self) -> None:
        """A job that is at the platform has its place there, whether it is our turn or not."""
        self._run.begun = True
        self._turn = self._turn or self._turns.hold(self._run.job.visitor)

    # --------------------------------------------------------------------------------------------------------- sending
    async def begin(self) -> None:
        """A job that has never been sent."""
        try:
            if (images := await self._ready()) is None:
                return
            state = await self._run.file_first(intended(self._planned, self._line))
        except SeedreamError as error:  # filed, so that it is not sent after a restart either
            self._fail(intended(self._planned, self._line).model_copy(update={"submitted_at": None}), str(error), Decimal())
            raise
        if self._run.job.should_stop():  # while its intent was being recorded
            self._stopped(state)
            return
        try:
            ticket = await self._sent(state, images)
        except AnswerLost:
            await self._look_for(state, pace.LOOK_UPS)
        except PlatformError as error:
            self._not_taken(state, error)
            raise
        else:
            if ticket:
                await self._taken(running(state, ticket), ticket.progress)

    async def _ready(self) -> tuple[str, ...] | None:
        """The references' addresses, once it is this job's turn; None if the run was stopped before."""
        with self._run.wait():
            images = await self._run.images()
            self._turn = await self._turns.take(self._planned.count, self._run.job.visitor, self._run.placed)
        if not self._run.sending():
            return None
        if self._run.hopeless:
            raise self._run.hopeless
        return images

    async def _sent(self, state: JobState, images: tuple[str, ...]) -> Ticket | None:
        """The ticket; None if the run was stopped before. Sent again only if the platform surely did not take it."""
        call, tries = self._platform.submission(self._planned, images), 0
        while True:
            tries += 1
            try:
                with self._flying(state):
                    return self._claimed(self._line.read(await self._line.once(call), self._platform.accepted))
            except PlatformError as error:
                if (pause := patience(error, False, tries, self._clock)) is None:
                    raise
                if isinstance(error, Busy):
                    self._run.say(f"{self._title} is busy; asking again in {pause:.0f} s. Nothing was charged for this.")
            if not await self._waited(state, pause):
                return None

    async def _waited(self, state: JobState, pause: float) -> bool:
        """Waits before the next try; False if the run was stopped meanwhile."""
        self._run.waiting()
        try:
            with self._run.wait():
                await self._clock.sleep(pause)
        except asyncio.CancelledError:
            self._stopped(state)
            raise
        if self._run.sending():
            return True
        self._stopped(state)
        return False

    @contextmanager
    def _flying(self, state: JobState) -> Iterator[None]:
        with self._run.remote.claims.flying(mark_of(state, self._line.key.tag if self._line.key else "")):
            yield

    def _claimed(self, ticket: Ticket) -> Ticket:
        """Inside the flight, so that no look-up takes the job for a lost one."""
        self._run.remote.claims.take(ticket.prediction_id)
        return ticket

    def _not_taken(self, state: JobState, error: PlatformError) -> None:
        if isinstance(error, KeyRefused | NoCredit):
            self._run.give_up(error)
        self._fail(state, str(error), Decimal())

    def _stopped(self, state: JobState) -> None:
        self._fail(state, "Stopped before it was sent. Nothing was charged.", Decimal())

    def _fail(self, state: JobState, sentence: str, charged: Decimal | None) -> JobState:
        changes = {"state": "failed", "error": sentence, "charged_usd": charged, "charge_is": "rule"}
        return self._run.file(state.model_copy(update=changes))

    # --------------------------------------------------------------------------------------------------------- resuming
    async def go_on(self, state: JobState, look_ups: tuple[float, ...]) -> None:
        """A job that was sent, or may have been, in an earlier life of this server."""
        self._count_recent(state)
        if state.state in ("intended", "running"):
            self._hold()
        if state.state == "failed":
            self._run.lose(self.missing, state.error or "This job failed.")
        elif state.state == "done" and state.outputs and None not in state.outputs:
            await self._done(state, Progress("done", state.outputs, state.flags))
        elif state.prediction_id:
            await self._follow(state, at_once=True)
        else:
            await self._look_for(state, look_ups)

    def _count_recent(self, state: JobState) -> None:
        """What an earlier life of this server sent within the last minute counts in the account's limit."""
        ours = bool(state.prediction_id) and not self._run.remote.claims.take(state.prediction_id or "")
        sent = bool(state.prediction_id) or state.state in ("intended", "unknown")
        if sent and not ours and state.submitted_at and self._age(state) < MINUTE:
            self._turns.count(state.count, self._age(state))

    async def _look_for(self, state: JobState, look_ups: tuple[float, ...]) -> None:
        """The answer was lost: it is not sent again, but looked for."""
        self._run.say(f"The answer of {self._title} was lost. Looking there whether the job was taken; it is not sent again.")
        lost = str(AnswerLost(self._title))
        finder = Finder(self._platform, self._run.remote.claims, self._line)
        with finder.looking(state):
            async for at, found in finder.looks(state, look_ups):
                if found:
                    self._run.say(f"The job was found at {self._title}, and is followed now.")
                    self._start(self._run.file(found))
                    return await self._follow(found, at_once=True)
                if at in (pace.SAID_UNKNOWN, look_ups[-1]) and state.state != "unknown":
                    state = self._run.file(state.model_copy(update={"state": "unknown", "error": lost}))
                    self.leave()
        return self._run.lose(self.missing, lost)

    # -------------------------------------------------------------------------------------------------------- following
    async def _taken(self, state: JobState, progress: Progress) -> None:
        self._start(self._run.file(state))
        if progress.state in ("done", "failed"):  # in sync mode the first answer may be the last
            return await self._ended(state, progress)
        usual = self._run.remote.usual(state)
        seconds = usual.median if usual else self._platform.usual_seconds
        self._run.say(f"{self._title} has taken it; this usually takes about {seconds:.0f} s.")
        return await self._follow(state)

    def _start(self, state: JobState) -> None:
        for index in state.frames:
            self._run.tell(Started(index))

    async def _follow(self, state: JobState, at_once: bool = False) -> None:
        """Asks until the job has ended, however long that takes."""
        self._hold()
        async with given_up_when_stopped(self._run, state):
            ended, progress = await self._end(state, at_once)
        await (self._ended(ended, progress) if progress else self._out_of_sight(ended))

    async def _end(self, state: JobState, at_once: bool) -> tuple[JobState, Progress | None]:
        """How the job ended; None if the platform has known nothing of it for so long that it is not waited for."""
        usual, sent = self._run.remote.usual(state), self._clock.now() - self._age(state)
        reminder, seen = pace.long_after(usual), self._clock.now()
        if not at_once:
            await self._clock.sleep(pace.pause(0, usual))
        while True:
            progress = await self._asked(state)
            elapsed = self._clock.now() - sent
            if progress and progress.state in ("done", "failed"):
                return timed(state, progress, elapsed), progress
            if isinstance(progress, Progress):
                seen = self._clock.now()
            elif self._clock.now() - seen > GONE_SECONDS:
                return state, None
            if elapsed >= reminder:
                self._run.say(f"Still running after {elapsed / 60:.0f} min; safe to close this page.")
                reminder = elapsed + REMIND_SECONDS
            await self._clock.sleep(pace.pause(elapsed, usual))

    async def _asked(self, state: JobState) -> Progress | None:
        """How the job stands; None if the platform says that there is no such job."""
        try:
            return await self._line.ask(self._platform.inquiry(state.poll or ""), self._platform.progress)
        except KeyRefused:
            raise KeyRefused(self._title, _KEY_GONE.format(platform=self._title)) from None
        except Rejected:
            return None
        except PlatformError:
            self._run.say(f"{self._title} does not answer right now. The job goes on there, and is asked after again.")
            return Progress("running")

    def _age(self, state: JobState) -> float:
        return max(0.0, self._clock.wall() - (state.submitted_at or self._clock.wall()))

    # ------------------------------------------------------------------------------------------------------------- ends
    async def _ended(self, state: JobState, progress: Progress) -> None:
        self.leave()
        if progress.state == "done":
            await self._done(state, progress)
        else:
            await self._failed(state, progress.error or JobFailed(self._title, 0, "The job failed."))

    async def _out_of_sight(self, state: JobState) -> None:
        """Taken, and not known there now: no end that is certain, so it can be looked for again."""
        self.leave()
        gone = _GONE.format(platform=self._title)
        unknown = self._run.file(state.model_copy(update={"state": "unknown", "error": gone}))
        self._run.lose(self.missing, gone)
        await self._bill(unknown)

    async def _failed(self, state: JobState, error: JobFailed) -> None:
        if error.code == 1402:
            self._run.remote.uploads.forget(self._run.job.request.references, self._line)
        sentence = self._line.keyless(str(error))
        failed = self._fail(state, sentence, Decimal() if error.charged == "nothing" else None)
        self._run.lose(self.missing, sentence)
        if not self._run.stopped.is_set():  # else it may have ended because we asked for that
            self._run.remote.learned.note(failed, self._clock.wall())
        if error.charged == "unknown":
            await self._bill(failed)

    async def _done(self, state: JobState, progress: Progress) -> None:
        """Fetches all images side by side, and learns meanwhile what they cost."""
        outputs = progress.outputs[: state.count]
        addresses = tuple(self._recorded(each) for each in outputs)
        by_rule = charge_by_rule(self._run.job.request, state, len(outputs))
        charge = state.charged_usd if state.charge_is == "platform" else by_rule
        flags = progress.flags[: state.count]
        changes = {"state": "done", "outputs": addresses, "flags": flags, "charged_usd": charge}
        done = self._run.file(state.model_copy(update=changes))
        if state.state != "done":  # else it ended long ago, and only its images are fetched again
            self._run.remote.learned.note(done, self._clock.wall())
        came = zip(state.frames, outputs, (*flags, *[False] * state.count), strict=False)
        wanted = [self._show(index, output, flag) for index, output, flag in came if index in self._open]
        await asyncio.gather(*wanted, self._bill(done))
        self._count(done, len(progress.outputs))

    def _recorded(self, output: Output) -> str | None:
        """What is kept of it: its address, unless that holds the key; the platform tells it again."""
        return output if isinstance(output, str) and self._line.keyless(output) == output else None

    def _count(self, state: JobState, came: int) -> None:
        """Says it where fewer or more images came than were asked for."""
        if sentence := miscount(self._title, state, came):
            self._run.say(sentence)
            self._run.lose(self.missing, f"This image did not come back. {sentence}")

    async def _show(self, index: int, output: Output, flagged: bool) -> None:
        """One image; if it cannot be had, that is said in its frame alone."""
        self._open.discard(index)
        try:
            self._run.tell(Picture(index, await fetched(self._line, output, flagged), flagged))
        except PlatformError as error:
            self._run.lose((index,), str(error))
        except Exception as error:
            log.error("an image of %s could not be shown: %s", self._title, unsaid(error))
            self._run.lose((index,), str(DownloadFailed(self._title, "something went wrong on this server")))

    async def _bill(self, state: JobState) -> None:
        """Puts the platform's own word on the charge in place of the rule's, where it has one."""
        if not state.prediction_id:
            return
        try:
            async with asyncio.timeout(BILLING_SECONDS):
                reply = await self._line.once(self._platform.billing([state.prediction_id]))
            charged = self._line.read(reply, self._platform.charges).get(state.prediction_id)
        except (PlatformError, TimeoutError):
            return
        if charged is not None:
            self._run.file(state.model_copy(update={"charged_usd": charged, "charge_is": "platform"}))


_GONE = (
    "{platform} no longer knows this job, which it had taken. Whether it was charged shows in your account there; "
    "look again later, or submit it again, which could be charged twice."
)
_KEY_GONE = (
    "{platform} no longer accepts this key, so the job cannot be followed. It was taken, may be charged, and goes on there; "
    "give a working key of the same account and look again."
)
