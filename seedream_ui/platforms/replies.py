"""What every platform's replies have in common: JSON, HTTP errors as ours, images inside a reply, and words to show."""

import base64
import binascii
import html
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from seedream_ui.errors import AnswerLost, Busy, KeyRefused, NoCredit, PlatformError, Rejected
from seedream_ui.platforms.http import Reply

__all__ = ["dollars", "error_of", "inline_picture", "json_of", "plain_words"]

_REFUSED = frozenset({400, 404, 405, 410, 411, 413, 414, 415, 422, 431})
"""HTTP statuses after which a request has certainly not been taken."""
_NO_MONEY = re.compile(r"(?i)insufficient|top.?up|not enough (?:credit|balance)|out of credit|balance is too low")
_TAG = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+")
MOST_WORDS = 200
MOST_DOLLARS = 1_000_000


def plain_words(text: object, most: int = MOST_WORDS) -> str:
    """A platform's message as plain text: no tags, no addresses, no JSON, on one line, cut at `most` characters."""
    if not isinstance(text, str):
        return ""
    words = html.unescape(_TAG.sub(" ", text[:5000]))
    words = _ADDRESS.sub("…", _TAG.sub(" ", words))  # again: what was escaped may be tags
    words = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    words = words.partition("{")[0]  # JSON, even in the middle, is not for people
    if words.startswith("[") or words.isdigit():
        return ""
    words = words.strip(" .“”\"'")
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def json_of(reply: Reply) -> dict[str, Any]:
    """The reply as a JSON object. Raises `ValueError` if it is none."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise ValueError("no JSON") from error
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def error_of(platform: str, status: int, said: object, retry_after: float | None = None) -> PlatformError:
    """Our error for an HTTP status, or for a code of the same meaning inside a reply."""
    words = plain_words(said)
    if status in (400, 402, 403) and (status == 402 or _NO_MONEY.search(words)):
        return NoCredit(platform)
    if status in (401, 403):
        return KeyRefused(platform)
    if status == 429:
        return Busy(platform, retry_after)
    if status in _REFUSED:
        return Rejected(platform, status, words)
    return AnswerLost(platform, retry_after)


def dollars(value: object) -> Decimal | None:
    """An amount in US dollars; None for what is none, or none that anybody would ask for here."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return amount if amount.is_finite() and 0 <= amount < MOST_DOLLARS else None


def inline_picture(text: str) -> bytes | None:
    """The bytes of a data URI or of bare base64; None for anything else."""
    bare = text.partition(",")[2] if text.startswith("data:") else text
    try:
        return base64.b64decode("".join(bare.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None
