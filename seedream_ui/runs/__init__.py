"""Runs: what the page, the API and Python programs share."""

import asyncio
from functools import cache
from pathlib import Path

from seedream_ui.errors import RunFailed
from seedream_ui.imaging.intake import Upload, take_in
from seedream_ui.imaging.store import ContentStore
from seedream_ui.request import Reference, SequenceRequest
from seedream_ui.runs.engine import Runs
from seedream_ui.runs.files import RunFiles
from seedream_ui.runs.run import Frame, Run
from seedream_ui.settings import settings

__all__ = ["Frame", "Run", "Runs", "add_reference", "agenerate", "generate", "runs"]


@cache
def runs() -> Runs:
    """The runs of this process, in the data folder that the settings name."""
    place = settings()
    place.files.mkdir(parents=True, exist_ok=True)
    return Runs(ContentStore(place.references), RunFiles(place.files), place.data_dir / "runs")


async def agenerate(request: SequenceRequest, *, key: str | None = None) -> Run:
    """Makes the set and returns its finished run; `run.frames` tell which images came.

    `key` is the platform's key; the built-in renderer needs none. The files lie in `runs().files.folder(run.folder)`.
    Raises `RequestRefused`, `ReferenceMissing` or `NotConnected` before anything is sent, `RunFailed` if not one image came.
    """
    run = await runs().finish((await runs().start(request)).id)
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
