"""A run as the page shows it."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote as url_quote

from seedream_ui.catalog import model_of, platform_of
from seedream_ui.prompting import SEPARATOR
from seedream_ui.runs import Frame, Run, runs
from seedream_ui.ui.view import money

__all__ = ["file_url", "run_view"]


def run_view(run: Run) -> dict[str, Any]:
    """The run as JSON for the stage: one sentence on how it stands, its frames with URLs, and the details."""
    return {
        "id": run.id,
        "version": run.version,
        "status": run.status,
        "running": not run.finished,
        "sentence": _sentence(run),
        "seconds": run.seconds,
        "usual": platform_of(run.request).usual_seconds,
        "returned": run.returned,
        "count": run.request.count,
        "sequence": run.request.sequence,
        "width": run.width,
        "height": run.height,
        "preview": run.request.platform == "sketch",
        "frames": [_frame(run, frame) for frame in run.frames],
        "details": _details(run),
        "prompt_sent": SEPARATOR.join(run.prompts),
        "at": datetime.fromtimestamp(run.started_at, UTC).isoformat(),
    }


def file_url(path: Path) -> str:
    """The URL, relative to the page, under which Gradio serves a file of the files folder."""
    return "gradio_api/file=" + url_quote(str(path))


def _sentence(run: Run) -> str:
    count, made = len(run.frames), run.returned
    images = "image" if count == 1 else "images"
    match run.status:
        case "running":
            return f"Making image {min(made + 1, count)} of {count}"
        case "completed":
            return f"{count} {images} in {run.seconds:.1f} s"
        case "cancelled":
            return f"Stopped. {made} of {count} {images} were made; {_cost(run)}."
        case "partial":
            return f"{made} of {count} {images} came back; {_cost(run)}."
        case _:
            return f"{run.error or 'No image came back.'} {_cost(run).capitalize()}."


def _cost(run: Run) -> str:
    return "nothing was charged" if run.cost_usd == 0 else f"{money(run.cost_usd)} {run.cost_is}"


def _frame(run: Run, frame: Frame) -> dict[str, Any]:
    folder = runs().files.folder(run.folder)
    return {
        "index": frame.index,
        "state": frame.state,
        "caption": frame.caption,
        "alt": _alt(run, frame),
        "thumb": file_url(folder / frame.thumb) if frame.thumb else None,
        "file": file_url(folder / frame.file) if frame.file else None,
        "name": f"{frame.index:02} {frame.caption[:40] or 'image'}".strip().replace("/", "-") + Path(frame.file or "").suffix,
        "size": f"{frame.width} × {frame.height}" if frame.width else None,
        "flagged": frame.flagged,
        "error": frame.error,
    }


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
        ("Cost", _cost(run).capitalize()),
        ("Seed", str(run.request.effective_seed) if model.seed else "not taken by this model"),
        ("Fingerprint", run.request.fingerprint),
    ]
    return [row for row in rows if row[1]]
