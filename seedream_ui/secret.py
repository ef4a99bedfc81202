"""A key, held so that it cannot be shown, logged or stored by accident."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import NoReturn

__all__ = ["Secret"]

_SALT = secrets.token_bytes(32)
_HIDDEN = "•••"
_PART, _LEAST = 12, 8
"""In letters and digits: less than such a part of a key is of use to nobody, and less than the second is a word and no key."""


class Secret:
    """A key. Its text is had from `reveal()` alone; every other way of writing it down gives dots, or refuses.

    Equal where the keys are; may be a dictionary's key. Cannot be pickled, copied into JSON or validated into a model.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.strip()

    def reveal(self) -> str:
        """The key itself. For the one place that sends it."""
        return self._text

    @property
    def _bytes(self) -> bytes:
        return self._text.encode(errors="surrogatepass")  # a key is whatever was pasted

    @property
    def tag(self) -> str:
        """Names the key within this process, without telling anything about it."""
        return self.marked(_SALT)[:16]

    def marked(self, secret: bytes) -> str:
        """A hash under a secret of the caller's, by which the same key is known again."""
        return hmac.new(secret, self._bytes, hashlib.sha256).hexdigest()[:32]

    def hidden_in(self, text: str) -> str:
        """The text with dots where the key stands in it, plain or in base64, or a part of it of `_PART` letters and digits.

        Nothing else is compared, and what comes between them hides with them: a tag may have been cut out of the key's middle.
        """
        parts = self._parts
        places = [place for place, char in enumerate(text) if char.isalnum()]
        bare, size = "".join(text[place] for place in places), len(next(iter(parts), ""))
        hidden = set[int]()
        for start in range(len(bare) - size + 1):
            if bare[start : start + size] in parts:
                hidden.update(range(places[start], places[start + size - 1] + 1))
        return re.sub("\0+", _HIDDEN, "".join("\0" if place in hidden else char for place, char in enumerate(text)))

    @property
    def _parts(self) -> set[str]:
        """What gives the key away, all of one length; the whole of a short one."""
        plain = _bare(self._text)
        if len(plain) < _LEAST:
            return set()
        inside = [_bare(_inside(self._bytes, shift)) for shift in range(3)]
        size = min(_PART, len(plain))
        forms = [plain, *(form for form in inside if len(form) >= _PART)]
        return {form[start : start + size] for form in forms for start in range(len(form) - size + 1)}

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._bytes, other._bytes)

    def __hash__(self) -> int:
        return hash(self.tag)

    def __repr__(self) -> str:
        return f"Secret({_HIDDEN})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A key is not stored.")


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _inside(key: bytes, shift: int) -> str:
    """The key within base64 of something longer, where it begins so many bytes after a group of three.

    The characters at the ends, which hold bits of its neighbours, are left out.
    """
    return base64.b64encode(bytes(shift) + key).decode()[-(-shift * 8 // 6) : (shift + len(key)) * 8 // 6]
