"""How a run ends: in a state that is shown, with every frame saying what became of it."""

import time
from collections.abc import Collection
from typing import Any

from seedream_ui.catalog import platform_of
from seedream_ui.errors import AnswerLost
from seedream_ui.runs.run import Run, Status

__all__ = ["BROKE_OFF", "ended", "without_files"]

NOT_BACK = "This image did not come back."
UNSURE = "It is not known whether this image was made."
BROKE_OFF = "Something went wrong on this server while the set was made."
GONE = "This image is no longer on this server."
ADVICE = "What was sent may have been charged: look again before you submit it again."
_OPEN = ("intended", "running", "unknown")


def ended(run: Run, stopped: bool = False, error: str | None = None) -> Run:
    """The run with its end state. `error` is a sentence on what broke it off, if anything did."""
    unsure = {index + 1 for job in run.jobs if job.state in _OPEN for index in job.frames}
    for frame in run.frames:
        if frame.state in ("waiting", "making", "unknown"):
            run = run.with_frame(frame.index, **_left(frame.index in unsure, stopped, error))
    status = _status(run, unsure, stopped)
    if run.cost_is == "quoted":
        run = run.reckoned(over=True)
    return run.changed(status=status, error=_why(run, status, error), activity=None, open=False, finished_at=time.time())


def without_files(run: Run) -> Run:
    """A run whose images are no longer here; what a platform still keeps can be fetched again."""
    gone = {"state": "failed", "file": None, "error": GONE}
    frames = tuple(frame.model_copy(update=gone) if frame.file else frame for frame in run.frames)
    return run.model_copy(update={"frames": frames})


def _left(unsure: bool, stopped: bool, error: str | None) -> dict[str, Any]:
    if unsure:
        return {"state": "unknown", "error": UNSURE}
    return {"state": "stopped", "error": None} if stopped else {"state": "failed", "error": error or NOT_BACK}


def _status(run: Run, unsure: Collection[int], stopped: bool) -> Status:
    if run.returned == len(run.frames):
        return "completed"
    if any(frame.index in unsure and frame.state != "done" for frame in run.frames):
        return "unknown"
    if stopped:
        return "cancelled"
    return "partial" if run.returned else "failed"


def _why(run: Run, status: Status, error: str | None) -> str | None:
    """One sentence or two: what broke the run off, or what its platform said, or how many came back."""
    if status in ("completed", "cancelled"):
        return None
    if status == "unknown":
        return f"{error} {ADVICE}" if error else str(AnswerLost(platform_of(run.request).title))
    if error:
        return f"{error} What came so far is kept; press again for the rest."
    said = {text for text in (*(job.error for job in run.jobs), *(frame.error for frame in run.frames)) if text}
    if not run.returned and len(said) == 1:
        return said.pop()
    return f"{run.returned} of {len(run.frames)} images came back."
