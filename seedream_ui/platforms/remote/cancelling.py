"""A job that the platform has taken, of a run that is stopped: the platform is asked to give it up, where it can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from seedream_ui.errors import PlatformError
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import HttpCall

if TYPE_CHECKING:
    from seedream_ui.platforms.remote.run import SetRun

__all__ = ["given_up_when_stopped"]


@asynccontextmanager
async def given_up_when_stopped(run: "SetRun", state: JobState) -> AsyncIterator[None]:
    """To be held while the job is followed: how it ends, and what it cost, is the platform's to tell."""
    call = run.platform.cancellation(state)
    asking = asyncio.create_task(_ask(run, call)) if call else None
    try:
        yield
    finally:
        if asking:
            asking.cancel()


async def _ask(run: "SetRun", call: HttpCall) -> None:
    """Once: a platform that could not be asked makes the images, and they are shown."""
    await run.stopped.wait()
    try:
        taken = (await run.line.once(call)).status < 400
    except PlatformError:
        taken = False
    run.say((_ASKED if taken else _NOT_ASKED).format(platform=run.title))


_ASKED = "{platform} was asked to give up what it has taken. What it charges all the same is told as soon as it says so."
_NOT_ASKED = "{platform} could not be asked to give up what it has taken, so that is made and charged."
