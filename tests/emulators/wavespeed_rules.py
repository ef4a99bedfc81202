"""WaveSpeedAI's models, limits, codes and account levels as data. What the sources leave open is a switch in `Rules`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

CREATED, PROCESSING, COMPLETED, FAILED = "created", "processing", "completed", "failed"
STATUSES = (CREATED, PROCESSING, COMPLETED, FAILED, "cancelled", "timeout")
HISTORY_DAYS = 7
UPLOAD_DAYS = 7
PAGE_SIZES = range(1, 101)
UNKNOWN_FIELDS_TOLD = 3

TASK_ERRORS = {
    1200: "The content was refused by moderation.",
    1400: "A parameter is missing.",
    1401: "A parameter is invalid.",
    1402: "could not fetch image",
    1403: "Task execution failed.",
    1405: "The task failed.",
    5000: "Internal error.",
    5003: "The service is unavailable.",
    5004: "Sync mode timed out",
}
STATUS_ERRORS = {"cancelled": "The task was cancelled.", "timeout": "The task took too long.", "deleted": "The task was deleted."}


@dataclass(frozen=True)
class Level:
    """What an account of this level may do."""

    images_per_minute: int
    concurrent_tasks: int


LEVELS = {"bronze": Level(10, 3), "silver": Level(500, 100), "gold": Level(3000, 2000), "ultra": Level(5000, 5000)}


@dataclass
class Model:
    """One model id. Change a field to let the live schema drift from what a client believes."""

    id: str
    price: Decimal
    side: tuple[int, int] | None = None
    pixels: tuple[int, int] | None = None
    ratio: int = 16
    references: int = 10
    references_plus_outputs: int = 15
    max_images: int | None = None
    """On sequential ids: the most that may be asked for. None: always one."""
    images_required: bool = False
    formats: tuple[str, ...] = ("jpeg",)

    @property
    def edits(self) -> bool:
        return "/edit" in self.id

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """What the body may hold, as JSON schema."""
        fields: dict[str, dict[str, Any]] = {"prompt": {"type": "string"}}
        if self.edits:
            fields["images"] = {"type": "array", "items": {"type": "string"}, "maxItems": self.references}
        fields["size"] = {"type": "string"} | ({"minimum": self.side[0], "maximum": self.side[1]} if self.side else {})
        if self.max_images:
            fields["max_images"] = {"type": "integer", "default": 1, "minimum": 1, "maximum": self.max_images}
        if len(self.formats) > 1:
            fields["output_format"] = {"type": "string", "enum": list(self.formats), "default": self.formats[0]}
        return fields | {name: {"type": "boolean", "default": False} for name in ("enable_base64_output", "enable_sync_mode")}

    @property
    def required(self) -> list[str]:
        return ["prompt", "images"] if self.images_required else ["prompt"]


SIDE = (1024, 4096)
PIXELS = (3_686_400, 16_777_216)
FAMILIES: dict[str, dict[str, Any]] = {
    "bytedance/seedream-v4": {"price": Decimal("0.027"), "side": SIDE},
    "bytedance/seedream-v4.5": {"price": Decimal("0.04"), "pixels": PIXELS},
    "bytedance/seedream-v5.0-lite": {"price": Decimal("0.035"), "pixels": PIXELS, "formats": ("jpeg", "png")},
}
VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "/edit": {"images_required": True},
    "/sequential": {"max_images": 15},
    "/edit-sequential": {"images_required": True, "max_images": 15},
}


def models() -> dict[str, Model]:
    """All twelve, fresh, by id."""
    pairs = [(family, variant) for family in FAMILIES for variant in VARIANTS]
    return {family + variant: Model(family + variant, **FAMILIES[family], **VARIANTS[variant]) for family, variant in pairs}


@dataclass
class Rules:
    """How the platform behaves where its documents are silent or contradict each other; tests set what they are about."""

    insufficient_balance: int = 402
    bad_size: int | None = 400
    """The HTTP status of a size that the model refuses; None: the task is taken and fails with 1401."""
    unknown_fields_refused: bool = True
    """A field that the model does not have: 400, so that a misspelt one is noticed, or ignored."""
    image_forms: frozenset[str] = frozenset({"url", "data-uri", "base64"})
    upload_bytes: int = 300 * 1024 * 1024
    ticket_uploads: bool = True
    binary_uploads: bool = True
    retry_after: int | None = None
    """Seconds in the Retry-After header of a 429; None: no such header."""
    over_concurrency: str = "refuse"
    """`refuse`: 429; `wait`: the task stays `created` until another one ends."""
    sync_seconds: float = 90.0
    """How long a submit in sync mode is held before the answer is 5004, on the emulator's clock."""
    refunded: frozenset[str] = frozenset({FAILED})
    refund_seconds: float = 0.0
    """After how long a refund appears, on the emulator's clock."""
    list_inputs: str | None = "inputs"
    """The name under which the list tells what was asked for: `inputs`, `input`, or None for not at all."""
    outputs_as: str = "url"
    """`url`, or `object` for {"url": …}."""
    base64_as: str = "bare"
    """`bare`, `data-uri`, or `object` for {"url": a data URI}."""
