"""Untrusted pictures: what is refused and in which words, and what a good one becomes."""

import random
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_files import (
    claiming,
    difference,
    gradient,
    opened,
    saved,
    srgb_profile,
    text_info,
    webp_claiming,
    wide_gamut_profile,
    with_chunk,
)
from PIL import Image, ImageOps

from seedream_ui.errors import ImageRefused
from seedream_ui.imaging.intake import MAX_BYTES, plain_name, prepare

ORIENTATIONS = range(1, 9)


def refusal(data: bytes, name: str = "holiday.png") -> str:
    with pytest.raises(ImageRefused) as caught:
        prepare(data, name)
    assert caught.value.name == name
    return str(caught.value)


# what is refused


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is an empty file."),
        (b"just some words\n" * 40, "it is a text file; bring a JPEG, PNG, WebP or AVIF."),
        ("Grüße, 你好, שלום\n".encode() * 90, "it is a text file;"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "it is an SVG drawing;"),
        (saved(gradient(), "GIF"), "it is a GIF;"),
        (saved(gradient(), "BMP"), "it is a BMP;"),
        (saved(gradient(), "TIFF"), "it is a TIFF or camera raw file;"),
        (b"%PDF-1.7\n" + saved(gradient(), "JPEG"), "it is a PDF;"),
        (b"PK\x03\x04" + saved(gradient(), "PNG"), "it is a ZIP archive;"),
        (b"GIF89a/*" + saved(gradient(), "PNG"), "it is a GIF;"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "it is a HEIC photo;"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "it is a video;"),
        (random.Random(7).randbytes(4000), "it is not a picture that can be read here;"),
        (claiming(9000, 10_000), "it has 9,000 × 10,000 pixels (90.0 MP), and the limit is 40 MP."),
        (claiming(60_000, 60_000), "(3,600.0 MP), and the limit is 40 MP."),
        (webp_claiming(16_000, 16_000), "(256.0 MP), and the limit is 40 MP."),
        (claiming(400_000, 100), "its longer side is 400,000 pixels, and the limit is 65,500."),
        (claiming(400, 300), "it is damaged or cut short"),
        (claiming(0, 300), "it is damaged or cut short"),
        (saved(gradient(900, 600), "JPEG")[:2000], "it is damaged or cut short"),
        (saved(gradient(900, 600), "PNG")[:2000], "it is damaged or cut short"),
        (saved(gradient(900, 600), "WEBP")[:600], "it is damaged or cut short"),
        (saved(gradient(900, 600), "JPEG")[:-2], "it is damaged or cut short"),
        (b"\xff\xd8\xff", "it is damaged or cut short"),
        (b"\x89PNG\r\n\x1a\n", "it is damaged or cut short"),
        (b"\0" * (30 * 1024 * 1024), "it is 30.0 MB, and the limit is 20 MB."),
        (b"\0" * (MAX_BYTES + 1), "it is 20.1 MB, and the limit is 20 MB."),
    ],
    ids=lambda value: value if isinstance(value, str) else "-",
)
def test_a_bad_file_is_refused_with_its_name_and_the_reason(data: bytes, words: str) -> None:
    said = refusal(data)
    assert said.startswith("“holiday.png” was left out: it")
    assert words in said


def test_no_refusal_warns_or_changes_pillow_for_others() -> None:
    before = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "90.0 MP" in refusal(claiming(9000, 10_000))
    assert before == Image.MAX_IMAGE_PIXELS


def test_a_jpeg_of_countless_scans_is_refused_before_it_costs_anything() -> None:
    photo = saved(gradient(), "JPEG", progressive=True)
    scans = photo[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00" * 5000 + photo[-2:]
    assert "damaged" in refusal(scans)


def test_refusals_show_no_folder_and_no_trickery_in_the_name() -> None:
    with pytest.raises(ImageRefused) as caught:
        prepare(b"", "/home/me/C:\\photos\\cat\u202egpj.\nexe")
    assert caught.value.name == "catgpj.exe"


@given(st.text(max_size=400))
def test_a_shown_name_is_short_printable_and_never_empty(name: str) -> None:
    shown = plain_name(name)
    assert 1 <= len(shown) <= 80
    assert shown.isprintable()
    assert "/" not in shown


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF"]), st.data())
def test_no_damage_to_a_file_does_anything_but_refuse_it(noise: bytes, kind: str, data: st.DataObject) -> None:
    good = saved(gradient(48, 32), kind)
    at = data.draw(st.integers(0, len(good)))
    damaged = good[:at] + noise + good[at + data.draw(st.integers(0, 40)) :]
    try:
        ready = prepare(damaged, "x")
    except ImageRefused:
        return
    assert opened(ready.data).size == (ready.width, ready.height)


@settings(max_examples=200)
@given(
    st.binary(max_size=2000),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X", b"\0\0\0 ftypavif"]),
)
def test_random_bytes_are_never_anything_but_refused(noise: bytes, start: bytes) -> None:
    with pytest.raises(ImageRefused):
        prepare(start + noise, "x")


# what a good picture becomes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_opaque_picture_becomes_a_jpeg_of_the_same_look_and_size(kind: str) -> None:
    ready = prepare(saved(gradient(), kind), "whatever.txt")
    assert (ready.media_type, ready.width, ready.height) == ("image/jpeg", 90, 60)
    assert difference(opened(ready.data), gradient()) < 3


def test_the_jpeg_keeps_full_colour_resolution() -> None:
    ready = opened(prepare(saved(gradient(), "PNG"), "a.png").data)
    assert [layer[1:3] for layer in ready.layer] == [(1, 1)] * 3
    assert max(ready.quantization[0]) <= 12


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr"])
def test_every_colour_mode_becomes_rgb(mode: str) -> None:
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    ready = prepare(saved(gradient(mode=mode), kind), "a")
    assert opened(ready.data).mode == "RGB"
    assert difference(opened(ready.data), gradient(mode=mode).convert("RGB")) < 4


def test_sixteen_bit_grey_keeps_its_tones() -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (8, 1))
    ready = opened(prepare(saved(Image.fromarray(ramp), "PNG"), "scan.png").data)
    assert difference(ready.convert("L"), Image.fromarray((ramp >> 8).astype(np.uint8))) < 1.5


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_real_transparency_stays_and_is_the_only_cause_for_a_png(mode: str) -> None:
    image = gradient(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 30, 30))
    data = saved(image.quantize(64), "PNG") if mode == "P" else saved(image.convert(mode), "PNG")
    ready = prepare(data, "logo.png")
    alpha = opened(ready.data).getchannel("A")
    assert (ready.media_type, opened(ready.data).mode) == ("image/png", "RGBA")
    assert (alpha.getpixel((5, 5)), alpha.getpixel((80, 50))) == (0, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_solid_alpha_channel_counts_as_none(mode: str, kind: str) -> None:
    assert prepare(saved(gradient(mode=mode), kind), "a").media_type == "image/jpeg"


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(gradient(), kind, exif=exif)
    ready = prepare(data, "a")
    expected = ImageOps.exif_transpose(opened(data)).convert("RGB")
    assert (ready.width, ready.height) == expected.size
    assert difference(opened(ready.data), expected) < 3


@pytest.mark.parametrize("junk", [b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0" + b"\xff" * 90])
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_is_passed_over(junk: bytes) -> None:
    assert prepare(saved(gradient(), "JPEG", exif=junk), "a").width == 90


def test_nothing_but_pixels_leaves() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = "somebody at home", {1: "N"}
    photo = saved(gradient(), "JPEG", exif=exif, comment=b"secret prompt", icc_profile=srgb_profile(), dpi=(300, 300))
    drawing = saved(gradient(mode="LA").rotate(45, expand=True), "PNG", pnginfo=text_info(), icc_profile=srgb_profile())
    for data in (photo, drawing, photo + b"PK\x03\x04<script>alert(1)</script>"):
        ready = prepare(data, "a")
        assert set(opened(ready.data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not any(word in ready.data for word in (b"somebody", b"secret", b"script", b"ICC", b"Exif"))


def test_an_srgb_profile_changes_no_colour() -> None:
    tagged = prepare(saved(gradient(), "JPEG", icc_profile=srgb_profile()), "a")
    assert tagged.data == prepare(saved(gradient(), "JPEG"), "a").data


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG")])
def test_another_profile_is_converted_to_srgb(mode: str, kind: str) -> None:
    image = Image.new(mode, (40, 40), (255, 0, 0))
    ready = prepare(saved(image, kind, icc_profile=wide_gamut_profile()), "a")
    red, green, _ = opened(ready.data).convert("RGB").getpixel((20, 20))
    assert green > 200 > 60 > red


@pytest.mark.parametrize("profile", [b"no profile", b"\0" * 128, b"x" * 40_000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_broken_profile_is_ignored(profile: bytes, kind: str) -> None:
    ready = prepare(saved(gradient(), kind, icc_profile=profile), "a")
    assert difference(opened(ready.data), gradient()) < 3


@pytest.mark.parametrize(("kind", "start"), [(b"zTXt", b"Comment\0\0"), (b"iCCP", b"icc\0\0"), (b"tEXt", b"Comment\0")])
def test_a_bomb_in_a_side_chunk_of_a_png_is_never_inflated(kind: bytes, start: bytes) -> None:
    body = start + zlib.compress(b"\0" * 60_000_000)
    assert prepare(with_chunk(saved(gradient(), "PNG"), kind, body), "a").width == 90


def test_of_several_frames_the_first_is_taken() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    for kind in ("PNG", "WEBP", "MPO", "AVIF"):
        ready = prepare(saved(frames[0], kind, save_all=True, append_images=frames[1:]), "a")
        red, green, blue = opened(ready.data).getpixel((32, 32))
        assert red > 240 > 20 > max(green, blue), kind


def test_the_same_bytes_in_give_the_same_bytes_out() -> None:
    data = saved(gradient(mode="RGBA").rotate(20), "PNG")
    assert prepare(data, "a.png").data == prepare(data, "b.png").data
