"""Pictures at sizes for the page."""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from seedream_ui.imaging.pictures import data_uri, thumbnail
from seedream_ui.request import Reference
from seedream_ui.runs import runs

__all__ = ["SMALL_PICTURES", "shown_reference"]

REFERENCE_THUMB = 224  # px: 112 px on the page, twice for dense screens


def _yield_to_sets() -> None:
    """Looking steps back behind sets that are still coming; where threads have no priority of their own, it does not."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


_MAKERS = ThreadPoolExecutor(2, "small pictures", _yield_to_sets)


def shown_reference(reference: Reference) -> dict[str, Any]:
    """A reference with a thumbnail as a data URI: what the form keeps of it. Raises `ReferenceMissing`."""
    small = thumbnail(runs().store.path(reference), REFERENCE_THUMB)
    return reference.model_dump() | {"thumb": data_uri(small, "image/webp")}


async def _small_picture(request: Request) -> Response:
    """Whoever has the unguessable folder may look, as with the originals."""
    asked = request.path_params
    make = runs().files.small
    try:
        path = await asyncio.get_running_loop().run_in_executor(_MAKERS, make, asked["folder"], asked["kind"], asked["file"])
    except FileNotFoundError:
        return Response(status_code=404)
    return FileResponse(path, headers={"Cache-Control": "private, max-age=31536000, immutable"})


SMALL_PICTURES = Route("/small/{folder}/{kind}/{file}", _small_picture)
