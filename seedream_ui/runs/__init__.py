"""Runs: what the page, the API and Python programs share."""

import asyncio
import threading
from functools import cache
from pathlib import Path

from seedream_ui.errors import RunFailed
from seedream_ui.imaging.intake import Upload, take_in
from seedream_ui.request import Reference, SequenceRequest
from seedream_ui.runs.engine import Runs
from seedream_ui.runs.ledger import ANYBODY, Spender
from seedream_ui.runs.paying import key_state, payer_of
from seedream_ui.runs.records import Entry
from seedream_ui.runs.run import Frame, Run
from seedream_ui.secret import Secret
from seedream_ui.settings import settings

__all__ = [
    "Entry",
    "Frame",
    "Run",
    "Runs",
    "Spender",
    "add_reference",
    "agenerate",
    "close",
    "generate",
    "key_state",
    "payer_of",
    "runs",
]


_OPENING = threading.Lock()


def runs() -> Runs:
    """The runs of this process, in the place that the settings name. Raises as `Runs` does."""
    with _OPENING:
        return _opened()


@cache
def _opened() -> Runs:
    return Runs(settings())


def close() -> None:
    """Lets go of the data folder, if this process holds one; what was going on there goes on when it is held again."""
    with _OPENING:
        if _opened.cache_info().currsize:
            _opened().close()
        _opened.cache_clear()


async def agenerate(request: SequenceRequest, *, key: str | None = None, spender: Spender = ANYBODY) -> Run:
    """Makes the set and returns its finished run; `run.frames` tell which images came, below `runs().files.folder(run.folder)`.

    `key` is the platform's key; without one the operator's is used, under the caps, for which `spender` says who presses. The
    built-in renderer needs none. A run whose answer was lost comes back `unknown` if any image is there.
    Raises `RequestRefused`, `ReferenceMissing`, `NotConnected` or `KeyMissing` before anything is sent, and `RunFailed` if not
    one image came.
    """
    started = await runs().start(request, key=Secret(key) if key else None, spender=spender)
    run = await runs().finish(started.id, spender.visitor)
    if not run.returned:
        reason = run.error or "The run was stopped before an image was made."
        raise RunFailed(run.id, f"{reason} Run {run.id}")
    return run


def generate(request: SequenceRequest, *, key: str | None = None) -> Run:
    """`agenerate`, blocking. Not to be called from a running event loop."""
    return asyncio.run(agenerate(request, key=key))


def add_reference(path: str | Path, label: str = "") -> Reference:
    """Prepares a picture and stores it, for use in a `SequenceRequest`. Raises `ImageRefused` with the reason."""
    file = Path(path)
    intake = asyncio.run(take_in([Upload(file, file.name)], runs().store))
    for refused in intake.refused:
        raise refused
    return intake.references[0].model_copy(update={"label": label})
