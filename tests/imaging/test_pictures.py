"""Small copies for the page, and what a head says."""

import base64
import os
from pathlib import Path

import numpy as np
import pytest
from picture_files import difference, gradient, opened, saved
from PIL import Image

from seedream_ui.imaging.pictures import THUMBNAIL_BYTES, data_uri, dimensions, middle, thumbnail


@pytest.mark.parametrize(("size", "expected"), [((2048, 2048), (768, 768)), ((4096, 2304), (768, 432)), ((300, 200), (300, 200))])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_thumbnail_is_a_small_webp_that_never_enlarges(size: tuple[int, int], expected: tuple[int, int], kind: str) -> None:
    small = opened(thumbnail(saved(gradient(*size), kind)))
    assert (small.format, small.size) == ("WEBP", expected)
    assert difference(small, gradient(*size).resize(expected)) < 4


def test_even_pure_noise_stays_within_the_bytes_of_a_thumbnail() -> None:
    noise = Image.frombytes("RGB", (1500, 1500), os.urandom(1500 * 1500 * 3))
    assert len(thumbnail(saved(noise, "PNG"))) <= THUMBNAIL_BYTES
    assert THUMBNAIL_BYTES * 15 < 1.5e6


def test_transparency_shows_through_a_thumbnail(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (900, 900), (255, 0, 0, 0)).save(path)
    assert opened(thumbnail(path)).mode == "RGBA"


def test_the_middle_size_is_for_one_screen(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    gradient(4096, 2304).save(path)
    assert opened(middle(path)).size == (1600, 900)


def test_small_copies_carry_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "somebody"
    assert b"somebody" not in thumbnail(saved(gradient(900, 600), "JPEG", exif=exif, icc_profile=b"somebody" * 20))


@pytest.mark.parametrize("data", [b"", b"text", saved(gradient(400, 400), "JPEG")[:900]])
def test_what_is_no_picture_has_no_thumbnail(data: bytes) -> None:
    with pytest.raises((ValueError, OSError)):
        thumbnail(data)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("AVIF", "RGB")])
@pytest.mark.parametrize("size", [(1, 1), (640, 361), (77, 1200)])
def test_dimensions_come_from_the_head_alone(kind: str, mode: str, size: tuple[int, int]) -> None:
    for options in ({}, {"lossless": True} if kind == "WEBP" else {}):
        data = saved(gradient(*size, mode=mode), kind, **options)
        assert dimensions(data if kind == "AVIF" else data[:700]) == (*size, f"image/{kind.lower()}")


def test_a_head_that_is_no_picture_has_no_dimensions() -> None:
    with pytest.raises(ValueError, match="not a picture"):
        dimensions(b"<svg/>")


def test_a_data_uri_holds_the_bytes() -> None:
    assert data_uri(b"abc", "image/webp") == "data:image/webp;base64," + base64.b64encode(b"abc").decode()


def test_a_wide_gamut_or_deep_original_still_gets_a_thumbnail() -> None:
    ramp = np.tile(np.linspace(0, 65535, 900).astype(np.uint16), (300, 1))
    assert opened(thumbnail(saved(Image.fromarray(ramp), "PNG"))).size == (768, 256)
