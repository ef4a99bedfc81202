"""How an error reaches a person: one or two plain sentences, wherever it happened."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from seedream_ui.errors import SeedreamError
from seedream_ui.runs import Entry

__all__ = ["sentence", "told"]

log = logging.getLogger(__name__)

T = TypeVar("T")

UNFORESEEN = "Something went wrong on this server. What you entered is kept; look whether the set is there before you try again."


def sentence(error: Exception) -> str:
    """The words for an error. Anything unforeseen is logged with its details and told without them."""
    if isinstance(error, SeedreamError):
        return str(error)
    log.error("unforeseen", exc_info=error)
    return UNFORESEEN


def told(tell: Callable[[Entry], T], entries: Iterable[Entry]) -> list[T]:
    """What is told of each run of a list. One that cannot be told, as of a model that is gone, takes no other with it."""
    return [words for words in (_told(tell, entry) for entry in entries) if words is not None]


def _told(tell: Callable[[Entry], T], entry: Entry) -> T | None:
    try:
        return tell(entry)
    except Exception:
        log.exception("run %s cannot be shown", entry.run.id[:6])
        return None
