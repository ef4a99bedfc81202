"""Ten photos of 12 MP taken in. Run as `python benchmarks/intake.py`."""

import asyncio
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

import numpy as np
from common import ROOT, Row, report
from PIL import Image, ImageCms

sys.path.insert(0, str(ROOT))

from seedream_ui.imaging.intake import Intake, Upload, take_in
from seedream_ui.imaging.store import ContentStore

PHOTOS, SIZE, LIMIT_SECONDS = 10, (4000, 3000), 2.5


def photo(seed: int) -> bytes:
    """A JPEG as from a phone: soft forms, texture, sensor noise, an sRGB profile and, every third time, a turned sensor."""
    noise = np.random.default_rng(seed)

    def cloud(cells: tuple[int, int]) -> Image.Image:
        return Image.fromarray(noise.integers(0, 256, (*cells, 3), dtype=np.uint8)).resize(SIZE, Image.Resampling.BICUBIC)

    image = Image.blend(cloud((12, 16)), cloud((600, 800)), 0.15)
    grain = noise.normal(0, 5, (SIZE[1], SIZE[0], 1))
    pixels = (np.asarray(image) + grain).clip(0, 255).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6 if seed % 3 == 0 else 1
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=92, exif=exif, icc_profile=profile)
    return buffer.getvalue()


def taken_in(folder: Path) -> tuple[Intake, float]:
    """The intake of the photos in a folder, and how many seconds it took."""
    files = [Upload(path, path.name) for path in sorted(folder.glob("*.jpg"))]
    store = ContentStore(folder / "store")
    start = time.perf_counter()
    intake = asyncio.run(take_in(files, store))
    return intake, time.perf_counter() - start


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(PHOTOS):
            (folder / f"photo-{seed:02}.jpg").write_bytes(photo(seed))
        size = sum(path.stat().st_size for path in folder.glob("*.jpg")) / PHOTOS / 1e6
        intake, seconds = taken_in(folder)
    what = f"{len(intake.references)} photos of {SIZE[0] * SIZE[1] / 1e6:.0f} MP taken in"
    refused = Row("Photos refused", len(intake.refused), "", 0, "; ".join(str(each) for each in intake.refused))
    return report("Taking in photos", [Row(what, seconds, "s", LIMIT_SECONDS, f"{size:.1f} MB each"), refused])


if __name__ == "__main__":
    sys.exit(main())
