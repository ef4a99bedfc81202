"""What a run is, at one instant: a frozen value, replaced as the run goes on."""

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from seedream_ui.catalog import model_of, platform_of
from seedream_ui.errors import AnswerLost
from seedream_ui.platforms.base import JobState
from seedream_ui.pricing import quote
from seedream_ui.prompting import SEPARATOR, compile_prompts, panel_words
from seedream_ui.request import SequenceRequest
from seedream_ui.sizing import dimensions

__all__ = ["Frame", "Run", "Status", "new_run"]

Status = Literal["running", "completed", "partial", "failed", "cancelled", "unknown"]
FrameState = Literal["waiting", "making", "done", "failed", "stopped", "unknown"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Frame(_Frozen):
    """One image of the run. `index` counts from 1; `file` is a base name in the run's folder."""

    index: int
    prompt: str
    caption: str
    state: FrameState = "waiting"
    file: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    sha256: str | None = None
    flagged: bool = False
    error: str | None = None


class Run(_Frozen):
    """One run. `id` gives control of it and `folder` names its files; both are secrets of at least 128 bits.

    `visitor` is the tag of whose run it is, "" of nobody's: then whoever has the id may look. `key_mark` tells whether a key is
    the one that it was started with. `turn` counts how often a person had it taken up: made, then looked for again (`looking`).
    `stopping` says that its owner wants no more of it, `needs_key` that it waits for a key, `interrupted` that the server was
    restarted on the way.

    `version` grows with every change. Times are seconds since the epoch. `jobs` are the jobs at a paid platform, `activity` what
    is being done now. `open` is whether the server still follows it: a run whose answer was lost is `unknown` long before the
    last look-up. `cost_usd` is what was charged once all of it is known, else the quote; `charge_is` says by whose word.
    """

    id: str
    folder: str
    request: SequenceRequest
    prompts: tuple[str, ...]
    width: int
    height: int
    cost_usd: Decimal
    cost_is: Literal["quoted", "charged"]
    credits: int | None
    frames: tuple[Frame, ...]
    paid_by: Literal["nobody", "visitor", "operator"] = "nobody"
    jobs: tuple[JobState, ...] = ()
    activity: str | None = None
    charge_is: Literal["platform", "rule"] | None = None
    visitor: str = ""
    key_mark: str = ""
    turn: int = 0
    looking: bool = False
    stopping: bool = False
    needs_key: bool = False
    interrupted: bool = False
    status: Status = "running"
    open: bool = True
    error: str | None = None
    started_at: float
    finished_at: float | None = None
    version: int = 0

    @property
    def returned(self) -> int:
        return sum(frame.state == "done" for frame in self.frames)

    @property
    def recoverable(self) -> tuple[int, ...]:
        """Indices (from 0) of images that may be at the platform all the same: of jobs that did not fail, and not here."""
        here = {frame.index - 1 for frame in self.frames if frame.state == "done"}
        return tuple(index for job in self.jobs if job.state != "failed" for index in job.frames if index not in here)

    @property
    def sent(self) -> bool:
        """Whether images of it may be at a platform that are not here."""
        return bool(self.recoverable)

    @property
    def refunded_usd(self) -> Decimal:
        """What the platform took for jobs that failed there, and gave back; a discount is no refund."""
        failed = (job for job in self.jobs if job.state == "failed" and job.prediction_id and job.charged_usd is not None)
        return sum((max(job.price_usd - (job.charged_usd or Decimal(0)), Decimal(0)) for job in failed), Decimal(0))

    @property
    def seconds(self) -> float:
        return round((self.finished_at or time.time()) - self.started_at, 2)

    @property
    def finished(self) -> bool:
        return self.status != "running"

    def changed(self, **changes: Any) -> Self:
        """This run, changed, as its next version."""
        return self.model_copy(update=changes | {"version": self.version + 1})

    def with_frame(self, index: int, **changes: Any) -> Self:
        """This run with the frame at `index` (from 1) changed."""
        return self.changed(
            frames=tuple(frame.model_copy(update=changes) if frame.index == index else frame for frame in self.frames)
        )

    def with_job(self, job: JobState) -> Self:
        """This run with a job in its newest state, and what follows from it: the charge, and whether anything is unknown."""
        jobs = (*(known for known in self.jobs if known.number != job.number), job)
        run = self.changed(jobs=tuple(sorted(jobs, key=lambda each: each.number)), activity=None)
        states = {each.state for each in jobs}
        unsure = run.unsent == 0 and "unknown" in states and not states & {"intended", "running"}
        error = str(AnswerLost(platform_of(self.request).title)) if unsure else None
        return run.reckoned().model_copy(update={"status": "unknown" if unsure else "running", "error": error})

    @property
    def unsent(self) -> int:
        """How many images no job was recorded for, though one may be yet."""
        return 0 if self.stopping else len(self.frames) - sum(job.count for job in self.jobs)

    def reckoned(self, over: bool = False) -> Self:
        """This run with what it costs as far as that is known; once it is `over`, what was not sent costs nothing."""
        unsent = 0 if over else self.unsent
        known = not unsent and all(job.charged_usd is not None for job in self.jobs)
        told = bool(self.jobs) and all(job.charge_is == "platform" for job in self.jobs)
        most = (job.price_usd if job.charged_usd is None else job.charged_usd for job in self.jobs)
        changes = {
            "cost_usd": sum(most, unsent * quote(self.request).per_image_usd),
            "cost_is": "charged" if known else "quoted",
            "charge_is": ("platform" if told else "rule") if known else None,
        }
        return self.model_copy(update=changes)

    def record(self) -> dict[str, Any]:
        """The record for programs; it holds no path of this server."""
        return self.summary() | {"panels": [frame.model_dump(include=_PANEL_FIELDS) for frame in self.frames]}

    def summary(self) -> dict[str, Any]:
        """The record without its panels."""
        model = model_of(self.request)
        return {
            "run_id": self.id,
            "status": self.status,
            "platform": self.request.platform,
            "model": model.name,
            "model_id": model.pin,
            "prompt_sent": SEPARATOR.join(self.prompts),
            "width": self.width,
            "height": self.height,
            "requested": self.request.count,
            "returned": self.returned,
            "cost_usd": float(self.cost_usd),
            "cost_is": self.cost_is,
            "charge_is": self.charge_is,
            "credits": self.credits,
            "started_at": datetime.fromtimestamp(self.started_at, UTC).isoformat(timespec="milliseconds"),
            "seconds": self.seconds,
            "activity": self.activity,
            "needs_key": self.needs_key,
            "error": self.error,
            "seed": self.request.effective_seed if model.seed else None,
            "fingerprint": self.request.fingerprint,
            "jobs": [job.model_dump(mode="json", include=_JOB_FIELDS) for job in self.jobs],
        }


_PANEL_FIELDS = {"index", "prompt", "caption", "file", "width", "height", "sha256", "flagged", "error"}


_JOB_FIELDS = {
    "endpoint",
    "state",
    "prediction_id",
    "created_at",
    "queue_seconds",
    "inference_seconds",
    "charged_usd",
    "charge_is",
    "error",
}


def new_run(run_id: str, folder: str, request: SequenceRequest, **owner: Any) -> Run:
    """A run of a checked request that has not made anything yet. `owner` gives `paid_by`, `visitor` and `key_mark`."""
    price, (width, height) = quote(request), dimensions(request)
    captions = [panel.caption or panel.text for panel in request.panels] + [""] * request.count
    words = panel_words(request)
    return Run(
        id=run_id,
        folder=folder,
        request=request,
        prompts=compile_prompts(request),
        width=width,
        height=height,
        cost_usd=price.total_usd,
        cost_is="charged" if price.free else "quoted",
        credits=price.credits,
        frames=tuple(Frame(index=i + 1, prompt=words[i], caption=captions[i]) for i in range(request.count)),
        started_at=time.time(),
        **owner,
    )
