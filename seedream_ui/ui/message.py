"""What the page sends, read field by field. Anybody may send anything, so nothing is taken for what it should be."""

from typing import Any

from seedream_ui.errors import RequestRefused

__all__ = ["LONGEST", "LONGEST_QUERY", "Message", "typed"]

UNREADABLE = "This page sent something that cannot be read. Reload it."
LONGEST = 200
"""Characters of an id, a name of something here, or a token."""
LONGEST_QUERY = 200
_FAR = 1e12


class Message:
    """A message of the page. Each reader gives a field of one kind, or raises `RequestRefused`.

    Every message has `visitor`, the browser's token, and `session`, the tab's. `address` is the caller's.
    """

    def __init__(self, sent: Any, address: str = "") -> None:
        if not isinstance(sent, dict):
            raise _unreadable("message")
        self._sent, self.address = sent, address

    @property
    def visitor(self) -> str:
        """The token of the visitor's browser; "" is nobody, who has no sets."""
        try:
            return self.text("visitor", default="")
        except RequestRefused:
            return ""

    @property
    def session(self) -> str:
        return self.text("session", default="")

    def text(self, name: str, longest: int = LONGEST, default: str | None = None) -> str:
        """A text that the page wrote, not a person; `default` where there is none."""
        value = self._sent.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and len(value) <= longest and _fault(value) is None:
            return value
        raise _unreadable(name)

    def typed(self, name: str, longest: int) -> str:
        """A text that a person wrote: what is wrong with it is said."""
        value = self._sent.get(name)
        if value is not None and not isinstance(value, str):
            raise _unreadable(name)
        return typed(name, value or "", longest)

    def whole(self, name: str) -> int:
        if type(value := self._sent.get(name)) is int:
            return value
        raise _unreadable(name)

    def seconds(self, name: str) -> float | None:
        """A time, in seconds since the epoch, or none."""
        value = self._sent.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _FAR:  # NaN is below nothing
            return float(value)
        raise _unreadable(name)

    def flag(self, name: str) -> bool:
        if isinstance(value := self._sent.get(name), bool):
            return value
        raise _unreadable(name)

    def object(self, name: str) -> dict[str, Any]:
        if isinstance(value := self._sent.get(name), dict):
            return value
        raise _unreadable(name)

    def objects(self, name: str, most: int, words: str) -> list["Message"]:
        """A list of objects, refused with these words where there are more of them."""
        values = self._listed(name)
        if len(values) > most:
            raise RequestRefused(name, words)
        return [Message(value) for value in values]

    def texts(self, name: str, most: int) -> list[str]:
        """The first texts of a list."""
        values = self._listed(name)[:most]
        if all(isinstance(value, str) for value in values):
            return values
        raise _unreadable(name)

    def _listed(self, name: str) -> list[Any]:
        if isinstance(value := self._sent.get(name), list):
            return value
        raise _unreadable(name)


def typed(name: str, text: str, longest: int) -> str:
    """The text, if it is one that can be kept. Raises `RequestRefused` in words."""
    if len(text) > longest:
        raise RequestRefused(name, f"{name.capitalize()} is {len(text):,} characters long; the limit is {longest:,}.")
    if fault := _fault(text):
        raise RequestRefused(name, f"{name.capitalize()} has {fault}.")
    return text


def _fault(text: str) -> str | None:
    """Postgres holds no NUL, and no database or answer half a character."""
    if "\0" in text:
        return "a NUL character in it, which cannot be kept. Take it out"
    return "a character in it that is none" if any("\ud800" <= char <= "\udfff" for char in text) else None


def _unreadable(name: str) -> RequestRefused:
    return RequestRefused(name, UNREADABLE)
