"""What a run is, at one instant: a frozen value, replaced as the run goes on."""

import time
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from seedream_ui.catalog import model_of
from seedream_ui.pricing import quote
from seedream_ui.prompting import SEPARATOR, compile_prompts, panel_words
from seedream_ui.request import SequenceRequest
from seedream_ui.sizing import dimensions

__all__ = ["Frame", "Run", "Status", "new_run"]

Status = Literal["running", "completed", "partial", "failed", "cancelled", "unknown"]
FrameState = Literal["waiting", "making", "done", "failed", "stopped"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Frame(_Frozen):
    """One image of the run. `index` counts from 1; `file` and `thumb` are base names in the run's folder."""

    index: int
    prompt: str
    caption: str
    state: FrameState = "waiting"
    file: str | None = None
    thumb: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    sha256: str | None = None
    flagged: bool = False
    error: str | None = None


class Run(_Frozen):
    """One run. `id` gives control of it and `folder` names its files; both are secrets of at least 128 bits.

    `version` grows with every change. Times are seconds since the epoch.
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
    status: Status = "running"
    error: str | None = None
    started_at: float
    finished_at: float | None = None
    version: int = 0

    @property
    def returned(self) -> int:
        return sum(frame.state == "done" for frame in self.frames)

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

    def record(self) -> dict[str, Any]:
        """The record for programs; it holds no path of this server."""
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
            "credits": self.credits,
            "seconds": self.seconds,
            "error": self.error,
            "seed": self.request.effective_seed if model.seed else None,
            "fingerprint": self.request.fingerprint,
            "panels": [frame.model_dump(include=_PANEL_FIELDS) for frame in self.frames],
        }


_PANEL_FIELDS = {"index", "prompt", "caption", "file", "width", "height", "sha256", "flagged", "error"}


def new_run(run_id: str, folder: str, request: SequenceRequest) -> Run:
    """A run of a checked request that has not made anything yet."""
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
    )
