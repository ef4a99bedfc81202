"""Every error a person can meet, as a tree. The text of each is one or two plain sentences that stand alone on the page.

SeedreamError
├── RequestRefused        the request is impossible; refused here, before anything was sent or charged
├── ImageRefused          a picture that was brought in cannot be used
│   └── ReferenceMissing  a reference whose bytes are no longer in this server's store
├── NotConnected          the platform is in the catalogue, but this server cannot reach it yet
└── RunError              a run that was started
    ├── RunNotFound       no run with that id lives on this server
    └── RunFailed         the run ended without a single image
"""

__all__ = [
    "ImageRefused",
    "NotConnected",
    "ReferenceMissing",
    "RequestRefused",
    "RunError",
    "RunFailed",
    "RunNotFound",
    "SeedreamError",
]


class SeedreamError(Exception):
    """The root. `str(error)` is the sentence to show; it never holds a key, a path or a vendor's JSON."""


class RequestRefused(SeedreamError):
    """The request breaks a rule. `field` names the part of the request, as in `SequenceRequest`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ImageRefused(SeedreamError):
    """A picture cannot be used. `name` is the file's own name, without folders."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"“{name}” was left out: {reason}")
        self.name = name


class ReferenceMissing(ImageRefused):
    """A reference image is no longer stored here, for example after the server's disk was wiped."""


class NotConnected(SeedreamError):
    """The platform is known, but cannot be reached from this server yet."""


class RunError(SeedreamError):
    """Something about one run. `run_id` is the run's unguessable id."""

    def __init__(self, run_id: str, message: str) -> None:
        super().__init__(message)
        self.run_id = run_id


class RunNotFound(RunError):
    """There is no run with this id here: wrong id, cleaned up, or the server was restarted."""


class RunFailed(RunError):
    """The run ended and not one image came of it."""
