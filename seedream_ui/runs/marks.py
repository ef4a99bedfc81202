"""Names for what must not be written down: visitors' tokens, their addresses, keys."""

import hashlib
import hmac
import secrets
from pathlib import Path

from seedream_ui.runs.files import write
from seedream_ui.secret import Secret

__all__ = ["Marks", "visitor_tag"]


def visitor_tag(token: str) -> str:
    """What stands for a visitor in the database. Tokens are unguessable, so a plain hash tells nothing; "" is nobody."""
    return hashlib.sha256(f"visitor {token}".encode()).hexdigest() if token else ""


class Marks:
    """Keyed hashes, under a secret of this data folder: what could be guessed cannot be found by trying."""

    def __init__(self, folder: Path) -> None:
        path = folder / "secret"
        if not path.exists():
            write(path, secrets.token_bytes(32), surely=True)
            path.chmod(0o600)
        self._secret = path.read_bytes()

    def of(self, kind: str, text: str) -> str:
        """The mark of a text, the same after a restart; "" of nothing."""
        return hmac.new(self._secret, f"{kind} {text}".encode(), hashlib.sha256).hexdigest()[:32] if text else ""

    def of_key(self, key: Secret | None) -> str:
        """The mark by which a key is known again."""
        return key.marked(self._secret) if key else ""
