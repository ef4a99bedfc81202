"""Every error a person can meet, as a tree. The text of each is one or two plain sentences that stand alone on the page.

SeedreamError
├── RequestRefused        the request is impossible; refused here, before anything was sent or charged
├── ImageRefused          a picture that was brought in cannot be used
│   └── ReferenceMissing  a reference whose bytes are no longer in this server's store
├── NotConnected          the platform is in the catalogue, but this server cannot reach it yet
├── DataFolderInUse       another process runs on the data folder; nothing was started
├── DatabaseNotReached    the database server does not answer; nothing was started
├── ExecutorInUse         another process has this one's name in the database; nothing was started
├── RunNotRecorded        the database did not take a run, so nothing was sent or charged
├── RunError              a run that was started
│   ├── RunNotFound       no run with that id lives on this server
│   └── RunFailed         the run ended without a single image
└── PlatformError         what a platform said, or failed to say; `charged` is what it cost, `repeat` who may try again
    ├── Unreachable       nothing was sent                                   charged: nothing   repeat: always
    ├── Busy              429, not taken                                     charged: nothing   repeat: always
    ├── AnswerLost        sent, and no answer that can be read came back     charged: unknown   repeat: reads
    ├── NotAnswering      a question had no answer after several tries       charged: nothing   repeat: never
    ├── KeyRefused        the key is wrong, or may not do this               charged: nothing   repeat: never
    │   └── KeyMissing    there is no key                                    charged: nothing   repeat: never
    ├── NoCredit          the account has too little money                   charged: nothing   repeat: never
    ├── Rejected          the platform would not take the request            charged: nothing   repeat: never
    ├── AddressRefused    it told us to send a picture to no safe place      charged: nothing   repeat: never
    ├── JobFailed         taken, and ended without images                    charged: nothing   repeat: never
    │   └── Moderated     the content filter refused it                      charged: nothing   repeat: never
    └── DownloadFailed    an image was made, and cannot be fetched           charged: charged   repeat: reads
        └── DownloadRefused   its address or content is not to be trusted    charged: charged   repeat: never
"""

from typing import Literal

__all__ = [
    "AddressRefused",
    "AnswerLost",
    "Busy",
    "Charged",
    "DataFolderInUse",
    "DatabaseNotReached",
    "DownloadFailed",
    "DownloadRefused",
    "ExecutorInUse",
    "ImageRefused",
    "JobFailed",
    "KeyMissing",
    "KeyRefused",
    "Moderated",
    "NoCredit",
    "NotAnswering",
    "NotConnected",
    "PlatformError",
    "ReferenceMissing",
    "Rejected",
    "RequestRefused",
    "RunError",
    "RunFailed",
    "RunNotFound",
    "RunNotRecorded",
    "SeedreamError",
    "Unreachable",
]

Charged = Literal["nothing", "unknown", "charged"]
Repeat = Literal["always", "reads", "never"]


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


class DataFolderInUse(SeedreamError):
    """Another process has the data folder. `folder` is its path, `process` the id of who has it, where that is known."""

    def __init__(self, folder: str, process: str = "") -> None:
        who = f" (process {process})" if process else ""
        super().__init__(
            f"Another Sequence Studio{who} already runs on the data folder {folder}. "
            "Use that one, stop it, or set SEEDREAM_DATA_DIR to another folder."
        )


class DatabaseNotReached(SeedreamError):
    """The database does not answer, or does not let us in. The sentence holds nothing of its address."""

    def __init__(self) -> None:
        super().__init__(
            "The database that SEEDREAM_DATABASE_URL names cannot be reached, or refuses the login. "
            "Check the address and that the server runs; without that variable a file in the data folder is used."
        )


class ExecutorInUse(SeedreamError):
    """Two processes of one name on one database would each send the other's jobs."""

    def __init__(self, executor: str) -> None:
        super().__init__(
            f"Another server runs under the name “{executor}” on this database. "
            "Stop that one, or set SEEDREAM_EXECUTOR_ID to another name for this one."
        )


class RunNotRecorded(SeedreamError):
    """What is not recorded is not sent: a crash would lose it."""

    def __init__(self) -> None:
        super().__init__(
            "This server could not record the set, so nothing was sent and nothing was charged. "
            "Its disk or database may be full; try again in a minute."
        )


class RunError(SeedreamError):
    """Something about one run. `run_id` is the run's unguessable id."""

    def __init__(self, run_id: str, message: str) -> None:
        super().__init__(message)
        self.run_id = run_id


class RunNotFound(RunError):
    """There is no run with this id here: wrong id, cleaned up, or the server was restarted."""


class RunFailed(RunError):
    """The run ended and not one image came of it."""


class PlatformError(SeedreamError):
    """Something about a platform, given by its title. The sentence says what happened, what it cost, and what to do next.

    `repeat` is the one place that says what may be sent again: `always`, because the platform took nothing; `reads`, so only
    what changes nothing and costs nothing; or `never`, because the answer would be the same.
    """

    charged: Charged = "nothing"
    repeat: Repeat = "never"

    def __init__(self, platform: str, message: str) -> None:
        super().__init__(message)
        self.platform = platform


class Unreachable(PlatformError):
    """No connection came about, so not a byte was sent."""

    repeat: Repeat = "always"

    def __init__(self, platform: str) -> None:
        super().__init__(
            platform,
            f"{platform} cannot be reached from this server. Nothing was sent and nothing was charged; try again in a minute.",
        )


class Busy(PlatformError):
    """The platform takes no more right now. `retry_after` is in seconds, where it said so."""

    repeat: Repeat = "always"

    def __init__(self, platform: str, retry_after: float | None = None) -> None:
        super().__init__(
            platform,
            f"{platform} takes no more jobs from this account right now. Nothing was charged; try again in a minute.",
        )
        self.retry_after = retry_after


class AnswerLost(PlatformError):
    """A request was sent, and its answer did not come, or cannot be read. What became of it is not known."""

    charged: Charged = "unknown"
    repeat: Repeat = "reads"

    def __init__(self, platform: str, retry_after: float | None = None) -> None:
        super().__init__(
            platform,
            f"{platform} gave no answer that can be read, so it is unknown whether the job was taken and charged. "
            "Look again before you submit it again, which could be charged twice.",
        )
        self.retry_after = retry_after


class NotAnswering(PlatformError):
    """What only asks, and costs nothing, was tried several times."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            platform, f"{platform} does not answer in a way that can be read. This cost nothing; try again in a minute."
        )


class KeyRefused(PlatformError):
    """The platform does not accept the key."""

    def __init__(self, platform: str, message: str = "") -> None:
        super().__init__(
            platform,
            message
            or f"{platform} does not accept this key. Nothing was charged; check the key, or paste another one. "
            "A new key works only after the account's first top-up.",
        )


class KeyMissing(KeyRefused):
    """There is no key to send."""

    def __init__(self, platform: str) -> None:
        super().__init__(platform, f"{platform} needs a key, and there is none. Nothing was sent; paste your key first.")


class NoCredit(PlatformError):
    """The account's balance does not cover the job."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            platform,
            f"The balance at {platform} does not cover this. Nothing was charged; top up the account, or make fewer images.",
        )


class Rejected(PlatformError):
    """The platform refuses the request as it is. `status` is HTTP's; `said` are the platform's own words, as plain text."""

    def __init__(self, platform: str, status: int, said: str = "") -> None:
        what = _REJECTED.get(status, "did not take this request")
        words = f" It says: “{said}”." if said else ""
        advice = _ADVICE.get(status, "change the request and press again")
        super().__init__(platform, f"{platform} {what}.{words} Nothing was charged; {advice}.")


_REJECTED = {
    404: "does not have what was asked for",
    413: "found the request or a reference image too large",
}
_ADVICE = {
    404: "choose another model, or try again later",
    413: "use smaller or fewer reference images",
}


class AddressRefused(PlatformError):
    """The platform named an address to send something to that is not to be trusted."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            platform,
            f"{platform} named an address for a reference image that cannot be trusted, so nothing was sent there. "
            "Nothing was charged; try again later.",
        )


class JobFailed(PlatformError):
    """The platform took the job, and ended it without images. `code` is the platform's own, 0 where it gave none."""

    def __init__(self, platform: str, code: int, message: str, charged: Charged = "nothing") -> None:
        super().__init__(platform, message)
        self.code = code
        self.charged = charged


class Moderated(JobFailed):
    """The platform's content filter refused the words or the pictures."""


class DownloadFailed(PlatformError):
    """An image was made, and could not be fetched; `reason` is a clause."""

    charged: Charged = "charged"
    repeat: Repeat = "reads"

    def __init__(self, platform: str, reason: str) -> None:
        super().__init__(
            platform,
            f"This image was made and charged, but could not be fetched from {platform}: {reason}. "
            "The platform keeps it for some days; look again later.",
        )


class DownloadRefused(DownloadFailed):
    """The address, or what came from it, is not to be trusted; asking again would not change that."""

    repeat: Repeat = "never"
