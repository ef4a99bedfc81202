"""Whose key a run is made with, and whose money it is."""

from dataclasses import dataclass
from typing import Literal

from seedream_ui.catalog import Platform
from seedream_ui.errors import KeyMissing
from seedream_ui.runs.ledger import Spender
from seedream_ui.secret import Secret
from seedream_ui.settings import settings

__all__ = ["Payer", "key_state", "payer_of"]


@dataclass(frozen=True)
class Payer:
    """`spender` is who presses, where the money is the operator's; None where the key is the visitor's own."""

    key: Secret | None = None
    spender: Spender | None = None

    @property
    def who(self) -> Literal["nobody", "visitor", "operator"]:
        if self.key is None:
            return "nobody"
        return "visitor" if self.spender is None else "operator"


def payer_of(platform: Platform, own: Secret | None, spender: Spender) -> Payer:
    """The visitor's own key, else the operator's, where visitors may use it; no key where nothing costs. Raises `KeyMissing`."""
    match key_state(platform, own):
        case "own":
            return Payer(own)
        case "operator":
            return Payer(settings().operator_keys[platform.name], spender)
        case "missing":
            raise KeyMissing(platform.title)
    return Payer()


def key_state(platform: Platform, own: Secret | None) -> Literal["free", "own", "operator", "missing"]:
    """Which key a run on this platform would be made with."""
    if platform.free:
        return "free"
    if own:
        return "own"
    return "operator" if settings().operator_pays and platform.name in settings().operator_keys else "missing"
