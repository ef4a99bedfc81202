"""Files that were brought in: tickets, signed addresses, what a reference in `images` stands for."""

import base64
import binascii
import hashlib
import re
import secrets
import uuid
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlsplit

from PIL import Image, UnidentifiedImageError

from tests.emulators.clock import DAY
from tests.emulators.wavespeed_rules import UPLOAD_DAYS

FORMATS = {"JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"}
DATA_URI = re.compile(r"data:image/[\w.+-]+;base64,(.*)", re.DOTALL)
Size = tuple[int, int]


@dataclass
class File:
    """A ticket, and once it came, what it was for. `pixels` is None for what is no image."""

    filename: str
    size: int
    content_type: str
    created_at: float
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    signature: str = field(default_factory=lambda: secrets.token_hex(16))
    data: bytes | None = None
    pixels: Size | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Those that the signature covers: the PUT must bring exactly these."""
        return {"Content-Type": self.content_type, "x-goog-meta-upload": self.id}

    def alive(self, now: float) -> bool:
        return self.data is not None and now < self.created_at + UPLOAD_DAYS * DAY


class Uploads:
    """All files by id. `counts` tells how often each content (its SHA-256) was brought in."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.counts: Counter[str] = Counter()

    def ticket(self, filename: str, size: int, content_type: str, now: float) -> File:
        file = File(filename, size, content_type, now)
        self.files[file.id] = file
        return file

    def store(self, file: File, data: bytes) -> None:
        file.data, file.pixels = data, pixels_of(data)
        self.counts[hashlib.sha256(data).hexdigest()] += 1

    def at(self, path: str, now: float) -> File | None:
        """The file at `/u/{id}/{filename}`, if it came and is still kept."""
        file = self.files.get(path.split("/")[2] if path.startswith("/u/") else "")
        return file if file and file.alive(now) else None


def pixels_of(data: bytes) -> Size | None:
    """Width and height, None for what is no image of an accepted format."""
    try:
        with Image.open(BytesIO(data)) as image:
            return image.size if image.format in FORMATS else None
    except (UnidentifiedImageError, OSError, ValueError):
        return None


def form_of(reference: str) -> str:
    if reference.startswith("data:"):
        return "data-uri"
    return "url" if urlsplit(reference).scheme in ("http", "https") else "base64"


def inline_pixels(reference: str) -> Size | None:
    """Of a data URI or of bare base64."""
    match = DATA_URI.fullmatch(reference)
    try:
        return pixels_of(base64.b64decode(match[1] if match else reference, validate=True))
    except binascii.Error:
        return None
