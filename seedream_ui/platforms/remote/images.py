"""The images of a job that is done: fetched, counted, and paid by the rule."""

import asyncio
from decimal import Decimal

from seedream_ui.catalog import model_of
from seedream_ui.errors import DownloadFailed, PlatformError
from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.download import picture, whole_picture
from seedream_ui.platforms.http import Line
from seedream_ui.platforms.seam import Output
from seedream_ui.request import SequenceRequest

__all__ = ["charge_by_rule", "fetched", "miscount"]


async def fetched(line: Line, output: Output, flagged: bool) -> bytes:
    """The image's file. Raises a `PlatformError`."""
    if isinstance(output, str):
        return await picture(line, output)
    whole = output is not None and await asyncio.to_thread(whole_picture, output)
    if output and whole:
        return output
    if flagged:
        raise PlatformError(line.platform, _WITHHELD.format(platform=line.platform))
    raise DownloadFailed(line.platform, "what came is no whole picture")


def charge_by_rule(request: SequenceRequest, state: JobState, came: int) -> Decimal:
    """US dollars for a job of which so many images came."""
    return state.price_usd if model_of(request).charged_by == "requested" else state.price_usd * came / state.count


def miscount(platform: str, state: JobState, came: int) -> str:
    """Says in numbers that fewer or more images came than were asked for; nothing if all did."""
    if came == state.count:
        return ""
    if came > state.count:
        return f"{platform} sent {came} images for {state.count} asked for; the first {state.count} are kept."
    what = f"{platform} sent {came} of the {state.count} images." if state.count > 1 else f"{platform} sent no image."
    charged = state.charged_usd
    return what if charged is None else f"{what} {platform} charges ${charged} for the {state.count} asked for."


_WITHHELD = (
    "{platform}'s safety filter held this image back. It is charged all the same; change this panel's words and make it again."
)
