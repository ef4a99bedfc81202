"""A key, held so that it cannot be shown, logged or stored by accident."""

import hashlib
import hmac
import secrets
from typing import NoReturn

__all__ = ["Secret"]

_SALT = secrets.token_bytes(32)
_HIDDEN = "•••"


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
        """The text with dots where the key stood in it."""
        return text.replace(self._text, _HIDDEN) if self._text else text

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
