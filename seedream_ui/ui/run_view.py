"""A run as the page shows it."""

import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote as url_quote

from seedream_ui.catalog import model_of, platform_of
from seedream_ui.platforms.base import JobState
from seedream_ui.prompting import SEPARATOR
from seedream_ui.runs import Frame, Run, runs
from seedream_ui.ui.view import money

__all__ = ["cost", "file_url", "run_view", "small_url", "title_of"]


def run_view(run: Run) -> dict[str, Any]:
    """The run as JSON for the stage: one sentence on how it stands, its frames with URLs, and the details.

    `running` is whether the page is held for it: not once its owner has stopped it, nor while it waits for a key.
    """
    return {
        "id": run.id,
        "title": title_of(run),
        "version": run.version,
        "status": run.status,
        "running": not run.finished and not run.stopping and not run.needs_key,
        "stopping": run.stopping and not run.finished,
        "needs_key": run.needs_key,
        "platform": run.request.platform,
        "platform_title": platform_of(run.request).title,
        "open": run.open,
        "recoverable": bool(run.recoverable),
        "sentence": _sentence(run),
        "short": _short(run),
        "seconds": run.seconds,
        "usual": _usual(run),
        "returned": run.returned,
        "count": run.request.count,
        "sequence": run.request.sequence,
        "width": run.width,
        "height": run.height,
        "preview": run.request.platform == "sketch",
        "references": len(run.request.references),
        "frames": [_frame(run, frame) for frame in run.frames],
        "details": _details(run),
        "prompt_sent": SEPARATOR.join(run.prompts),
        "at": datetime.fromtimestamp(run.started_at, UTC).isoformat(),
    }


def _usual(run: Run) -> float | None:
    """How long such sets take, in seconds: as this server has seen, else as the platform says; None where the sentence tells."""
    activity = run.activity or ""
    if "usually" in activity or _IN_LINE in activity.lower():
        return None
    seen = runs().usual.of(run.request)
    return round(seen.seconds, 1 if seen.seconds < 10 else 0) if seen else platform_of(run.request).usual_seconds


_IN_LINE = "in line"


def _short(run: Run) -> str:
    """How a running set stands, as short as a button."""
    if run.jobs or any(frame.state in ("making", "done") for frame in run.frames):
        return f"Making image {min(run.returned + 1, len(run.frames))} of {len(run.frames)}"
    return "In line" if _IN_LINE in (run.activity or "").lower() else "Getting ready"


def file_url(path: Path) -> str:
    """The URL, relative to the page, under which Gradio serves a file of the files folder."""
    return "gradio_api/file=" + url_quote(str(path))


def title_of(run: Run) -> str:
    """The first line of what was asked for."""
    first = (run.request.prompt.strip() or run.frames[0].caption or "Set").splitlines()[0]
    return first if len(first) <= 90 else first[:90].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _sentence(run: Run) -> str:
    count, made = len(run.frames), run.returned
    images = "image" if count == 1 else "images"
    if run.needs_key or (run.stopping and not run.finished):
        return _waiting(run)
    match run.status:
        case "running":
            return run.activity or _short(run)
        case "completed":
            return f"{count} {images} in {run.seconds:.1f} s{_paid(run)}"
        case "cancelled":
            return f"Stopped. {made} of {count} {images} were made; {cost(run)}."
        case "unknown":
            return _unknown(run)
        case "failed" if not any(job.state == "done" for job in run.jobs):
            return run.error or "No image came back."
        case _:
            return f"{made} of {count} {images} came back; {cost(run)}.{_reason(run)}"


def _reason(run: Run) -> str:
    """Why images are missing, where it is one thing and more than that fewer came."""
    fewer = {index + 1 for job in run.jobs if job.outputs is not None for index in job.frames[len(job.outputs) :]}
    told = {frame.error for frame in run.frames if frame.error and not frame.file and frame.index not in fewer}
    return f" {told.pop()}" if len(told) == 1 else ""


def _waiting(run: Run) -> str:
    """How a run stands that waits for a key, or goes on although its owner has stopped it."""
    title = platform_of(run.request).title
    if not run.stopping:
        return run.activity or f"This set waits for your {title} key."
    if run.needs_key:
        return f"Stop was asked. What is already paid for can still be fetched: give your {title} key again."
    if not run.sent:
        return "Stop was asked. Nothing more is sent."
    return f"Stop was asked. {run.activity or 'What is already paid for still finishes, and will be in your history.'}"


def _unknown(run: Run) -> str:
    price = money(sum((job.price_usd for job in run.jobs if job.state in _OPEN), Decimal(0)))
    looking = "It is still being looked for." if run.open else "Look again, or submit it again, which could be charged twice."
    return f"The platform’s answer was lost, so it is unknown whether {price} was charged. {looking}"


_OPEN = ("intended", "running", "unknown")
"""States of a job of which it is not known what it will have cost."""


def _paid(run: Run) -> str:
    return "" if run.cost_usd == 0 else f" · {cost(run)}"


def cost(run: Run) -> str:
    """What it cost, by whose word, and for how many images if not for all that came."""
    if run.cost_usd == 0:
        return "nothing was charged"
    paid = sum(job.count for job in run.jobs if job.charged_usd)
    short = f" for {paid}" if run.cost_is == "charged" and run.returned < paid else ""
    word = {"platform": " by the platform’s word", "rule": " by its price list"}.get(run.charge_is or "", "")
    return f"{money(run.cost_usd)} {run.cost_is}{short}{word}"


def _frame(run: Run, frame: Frame) -> dict[str, Any]:
    folder = runs().files.folder(run.folder)
    return {
        "index": frame.index,
        "state": frame.state,
        "caption": frame.caption,
        "alt": _alt(run, frame),
        "thumb": small_url(run, "thumb", frame),
        "middle": small_url(run, "middle", frame),
        "file": file_url(folder / frame.file) if frame.file else None,
        "name": f"{frame.index:02} {frame.caption[:40] or 'image'}".strip().replace("/", "-") + Path(frame.file or "").suffix,
        "size": f"{frame.width} × {frame.height}" if frame.width else None,
        "flagged": frame.flagged,
        "error": frame.error,
        "word": None if frame.file else _word(run, frame),
    }


def _word(run: Run, frame: Frame) -> str | None:
    """What became of an image that is not here, as short as the smallest frame; its error says all."""
    if run.status == "unknown" and run.open:
        return "Looking for it"
    job = next((job for job in run.jobs if frame.index - 1 in job.frames), None)
    match frame.state:
        case "unknown":
            return "Not known"
        case "stopped":
            return "Stopped before this image"
        case "failed" if frame.sha256:
            return "No longer here"
        case "failed" if job and job.state == "done":
            return "Did not come back"
        case "failed" if job and not job.prediction_id:
            return "Refused"
        case "failed":
            return "Failed"
    return None


def small_url(run: Run, kind: str, frame: Frame) -> str | None:
    """The URL, relative to the page, of an image at a size for the page."""
    return f"small/{run.folder}/{kind}/{frame.file}" if frame.file else None


def _alt(run: Run, frame: Frame) -> str:
    words = frame.prompt or run.request.prompt
    return f"Image {frame.index} of {len(run.frames)}: {words[:160]}".strip()


def _details(run: Run) -> list[tuple[str, str]]:
    model = model_of(run.request)
    started = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(run.started_at))
    size = sum(frame.size or 0 for frame in run.frames)
    rows = [
        ("Status", run.status),
        ("Platform and model", f"{platform_of(run.request).title}, {model.title} ({model.pin})"),
        ("Images", f"{run.returned} of {run.request.count}"),
        ("Size", f"{run.width} × {run.height} px, {size / 1e6:.1f} MB in all"),
        ("Started", started),
        ("Time", f"{run.seconds:.1f} s"),
        ("Usually", _experience(run)),
        ("Cost", cost(run).capitalize()),
        ("Seed", str(run.request.effective_seed) if model.seed else "not taken by this model"),
        ("Fingerprint", run.request.fingerprint),
    ]
    return [row for row in rows + [job for each in run.jobs for job in _job(each, len(run.jobs))] if row[1]]


def _experience(run: Run) -> str:
    """How such sets went on this server so far; nothing while there are few."""
    seen = runs().usual.of(run.request)
    return f"{seen.seconds:.1f} s; {seen.whole} of the last {seen.of} such sets came whole" if seen else ""


def _job(job: JobState, of: int) -> list[tuple[str, str]]:
    """A job at the platform: its id, its times, and how it ended."""
    name = "Job" if of == 1 else f"Job {job.number + 1}"
    queued = "" if job.queue_seconds is None else f"{job.queue_seconds:.1f} s in the queue"
    made = "" if job.inference_seconds is None else f"{job.inference_seconds:.1f} s of work"
    told = ", ".join(part for part in (job.state, queued, made, job.error or "") if part)
    return [
        (name, f"{job.prediction_id or 'no id'} at {job.endpoint}"),
        (f"{name}, state", told),
        (f"{name}, created", job.created_at or ""),
    ]
