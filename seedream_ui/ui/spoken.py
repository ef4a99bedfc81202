"""How an error reaches a person: one or two plain sentences, wherever it happened."""

import logging

from seedream_ui.errors import SeedreamError

__all__ = ["sentence"]

log = logging.getLogger(__name__)

UNFORESEEN = "Something went wrong on this server. What you entered is kept; look whether the set is there before you try again."


def sentence(error: Exception) -> str:
    """The words for an error. Anything unforeseen is logged with its details and told without them."""
    if isinstance(error, SeedreamError):
        return str(error)
    log.error("unforeseen", exc_info=error)
    return UNFORESEEN
