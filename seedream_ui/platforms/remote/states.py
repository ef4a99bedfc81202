"""What is recorded of a job as it is sent, and as the platform has taken it."""

import hashlib

from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.http import Line
from seedream_ui.platforms.seam import Planned, Progress, Ticket

__all__ = ["intended", "running", "timed"]


def intended(planned: Planned, line: Line) -> JobState:
    """The state of a job that is about to be sent."""
    return JobState(
        number=planned.number,
        endpoint=planned.endpoint,
        frames=planned.frames,
        prompt_sha256=hashlib.sha256(planned.prompt.encode()).hexdigest(),
        size=planned.size,
        count=planned.count,
        submitted_at=line.clock.wall(),
        clock_ahead=line.ahead,
        price_usd=planned.price_usd,
    )


def running(state: JobState, ticket: Ticket) -> JobState:
    """The state of a job that the platform has taken."""
    created = ticket.progress.created_at
    changes = {
        "state": "running",
        "prediction_id": ticket.prediction_id,
        "poll": ticket.poll,
        "created_at": created,
        "error": None,
    }
    return state.model_copy(update=changes)


def timed(state: JobState, progress: Progress, elapsed: float) -> JobState:
    """The state of a job that ended so many seconds after it was sent."""
    inference = progress.inference_seconds
    queued = None if inference is None else round(max(0.0, elapsed - inference), 1)
    return state.model_copy(update={"inference_seconds": inference, "queue_seconds": queued})
