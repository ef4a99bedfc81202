"""Names for what must not be written down: visitors' tokens, their addresses, keys."""

import hashlib
import secrets
from pathlib import Path

from seedream_ui.runs.files import write
from seedream_ui.secret import Secret

__all__ = ["Marks", "address_mark", "visitor_tag"]


def visitor_tag(token: str) -> str:
    """What stands for a visitor in the database. Tokens are unguessable, so a plain hash tells nothing; "" is nobody."""
    return hashlib.sha256(f"visitor {token}".encode()).hexdigest() if token else ""


def address_mark(address: str, key: Secret | None) -> str:
    """What stands for an address in the database, where the operator's `key` pays; "" of nothing.

    Addresses are so few that a plain hash of one is found by trying all, and a secret kept in the database would be read with
    it. The operator's key is what all servers that spend the same money have, and the database has not. With another key marks
    are others: on that day a cap knows visitors by their tokens only.
    """
    return key.marked(f"address {address}".encode()) if address and key else ""


class Marks:
    """Keyed hashes of keys, under a secret of this data folder, whose server alone drives the runs that are marked so."""

    def __init__(self, folder: Path) -> None:
        path = folder / "secret"
        if not path.exists():
            write(path, secrets.token_bytes(32), surely=True)
            path.chmod(0o600)
        self._secret = path.read_bytes()

    def of_key(self, key: Secret | None) -> str:
        """The mark by which a key is known again, after a restart too; "" of none."""
        return key.marked(self._secret) if key else ""
