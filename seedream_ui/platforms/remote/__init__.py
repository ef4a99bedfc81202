"""The driver: makes a request's images at any platform with an HTTP interface, and loses and repeats no paid job."""

from seedream_ui.platforms.remote.driver import Remote
from seedream_ui.platforms.remote.pace import Usual
from seedream_ui.platforms.turns import Limits

__all__ = ["Limits", "Remote", "Usual"]
