"""The request as code that runs: this app's own `/generate`, or the platform itself."""

from collections.abc import Callable

from seedream_ui.request import SequenceRequest
from seedream_ui.snippets.own_api import own_snippets
from seedream_ui.snippets.snippet import Snippet
from seedream_ui.snippets.wavespeed import wavespeed_snippets

__all__ = ["Snippet", "snippets"]

_OF_PLATFORM: dict[str, Callable[[SequenceRequest], tuple[Snippet, ...]]] = {"wavespeed": wavespeed_snippets}


def snippets(request: SequenceRequest, origin: str) -> tuple[Snippet, ...]:
    """The request as cURL, Python and JavaScript: against its platform, or, where it has no interface, the app at `origin`.

    References are read from the working directory as `image-1.jpg`, `image-2.png`, …; the set is saved there too.
    Raises `RequestRefused` for what the platform would refuse.
    """
    of_platform = _OF_PLATFORM.get(request.platform)
    return of_platform(request) if of_platform else own_snippets(request, origin)
