"""What the built-in renderer promises, measured on its pictures."""

import hashlib
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops, ImageOps

from seedream_ui.platforms.sketch import Brief, Stopped, encode, render
from seedream_ui.platforms.sketch.colour import names, to_lab
from seedream_ui.platforms.sketch.matte import cut_out
from seedream_ui.platforms.sketch.words import read

EXAMPLES = Path(__file__).parents[2] / "seedream_ui" / "examples"
COLOURWAYS = ("classic white with black", "navy with gold", "matte red with a white outsole", "forest green with a gum sole")


def photo(name: str) -> Image.Image:
    return Image.open(EXAMPLES / f"{name}.jpg").convert("RGB")


def shoes(sequence: bool = True, seed: int = 7, size: tuple[int, int] = (512, 512)) -> Brief:
    return Brief("The same shoe in four colourways", COLOURWAYS, sequence, seed, size, (photo("shoe"),))


def scene(*panels: str, context: str = "", sequence: bool = True, seed: int = 7, size: tuple[int, int] = (320, 320)) -> Brief:
    return Brief(context, panels or ("",), sequence, seed, size)


def lab(image: Image.Image, box: tuple[float, float, float, float] = (0, 0, 1, 1)) -> NDArray[np.float32]:
    """The colours of a part of the picture, its box in shares of width and height."""
    w, h = image.size
    return to_lab(np.asarray(image.crop((int(box[0] * w), int(box[1] * h), int(box[2] * w), int(box[3] * h))))).reshape(-1, 3)


def hue(colours: NDArray[np.float32]) -> float:
    """The median hue, in degrees, of what has any."""
    strong = colours[np.hypot(colours[:, 1], colours[:, 2]) > 0.05]
    a, b = np.median(strong, axis=0)[1:]
    return float(np.degrees(np.arctan2(b, a)) % 360)


WALL = (0.05, 0.05, 0.95, 0.15)
"""Above whatever stands in a picture."""
HEEL = (0.20, 0.46, 0.30, 0.56)
"""Where the shoe's body is in a square picture of the shoe set."""


def digest(brief: Brief, index: int) -> str:
    return hashlib.sha256(encode(render(brief, index), brief, index)).hexdigest()


class TestRecolour:
    def test_the_red_panels_shoe_is_red_and_the_green_ones_green(self) -> None:
        red, green = (hue(lab(render(shoes(), index), HEEL)) for index in (2, 3))
        assert 10 <= red <= 45
        assert 125 <= green <= 185

    def test_navy_is_dark_and_blue(self) -> None:
        navy = lab(render(shoes(), 1), HEEL)
        assert np.median(navy[:, 0]) < 0.42
        assert 240 <= hue(navy) <= 290

    def test_white_comes_out_white(self) -> None:
        white = np.median(lab(render(shoes(), 0), HEEL), axis=0)
        assert white[0] > 0.85
        assert np.hypot(white[1], white[2]) < 0.03

    def test_the_named_sole_takes_its_own_colour(self) -> None:
        sole = (0.2, 0.645, 0.8, 0.68)
        gum, white = (lab(render(shoes(), index), sole) for index in (3, 2))
        assert 40 <= hue(gum) <= 80
        assert np.median(white[:, 0]) > 0.8

    def test_shading_survives_the_dye(self) -> None:
        spread = [float(np.std(lab(render(shoes(), index), (0.2, 0.4, 0.8, 0.6))[:, 0])) for index in range(4)]
        assert min(spread) > 0.02

    @pytest.mark.parametrize("sequence", [True, False])
    def test_named_colours_hold_with_seq_on_and_off(self, sequence: bool) -> None:
        for seed in (1, 2, 3):
            red = lab(render(shoes(sequence, seed), 2), (0.1, 0.35, 0.9, 0.65))
            reds = (red[:, 1] > 0.09) & (red[:, 2] > 0)
            assert reds.mean() > 0.1, seed

    def test_only_the_colourway_changes_with_seq_on(self) -> None:
        first, second = render(shoes(), 0), render(shoes(), 1)
        corner = (0, 0, 512, 100)
        difference = np.asarray(ImageChops.difference(first.crop(corner), second.crop(corner)))
        assert np.percentile(difference, 95) < 24  # the grain is each picture's own

    @pytest.mark.parametrize(
        ("words", "kept"),
        [
            ("Keep its shape, the light and the plain background.", True),
            ("The shoe on the same background", True),
            ("Keep its shape. A navy background", False),
            ("Keep its shape on a navy background", False),
        ],
    )
    def test_a_background_that_is_to_be_kept_has_the_photos_colour(self, words: str, kept: bool) -> None:
        for seed in (1, 7):
            brief = Brief(words, ("red", "green"), True, seed, (320, 320), (photo("shoe"),))
            behind = np.median(lab(photo("shoe"), WALL), axis=0)
            near = [np.linalg.norm(np.median(lab(render(brief, index), WALL), axis=0) - behind) < 0.08 for index in (0, 1)]
            assert near == [kept] * 2

    def test_left_mirrors_and_never_invents_another_side(self) -> None:
        front, left = (
            render(Brief("", (view,), True, 7, (400, 400), (photo("shoe"),)), 0) for view in ("front view", "left view")
        )
        lower = (0, 160, 400, 280)
        apart = [
            np.abs(np.asarray(front.crop(lower), np.int16) - np.asarray(other.crop(lower), np.int16)).mean()
            for other in (left, ImageOps.mirror(left))
        ]
        assert apart[1] < apart[0] / 2


class TestWords:
    @pytest.mark.parametrize(
        ("text", "part", "name"),
        [
            ("matte red with a white outsole", "", "red"),
            ("matte red with a white outsole", "sole", "white"),
            ("forest green with a gum sole", "sole", "gum"),
            ("a woman in a mustard coat", "clothes", "mustard"),
            ("dark olive green", "", "darkolivegreen"),
            ("navy, the laces in gold", "accent", "gold"),
        ],
    )
    def test_a_colour_belongs_to_the_part_beside_it(self, text: str, part: str, name: str) -> None:
        assert read(text).colours[part] == names()[name]

    def test_a_colour_is_no_place(self) -> None:
        assert read("forest green with a gum sole").place == ""
        assert read("in the forest at dawn").place == "forest"

    def test_golden_hour_is_a_time_and_no_colour(self) -> None:
        assert read("on the beach at golden hour").colours == {}
        assert read("on the beach at golden hour").time == "golden"

    def test_ages_and_hairstyles_are_read(self) -> None:
        assert read("at 45").age == 45
        assert read("a long braid").hair == "braid"

    def test_image_2_leads_its_panel(self) -> None:
        brief = Brief("", ("", "image 2"), True, 7, (300, 300), (photo("shoe"), photo("kettle")))
        red = [float((lab(render(brief, index))[:, 1] > 0.12).mean()) for index in (0, 1)]
        assert red[1] > 3 * red[0]


class TestSequence:
    def test_the_same_light_falls_on_every_panel(self) -> None:
        brief = scene("", "", "", context="A fox travels")
        skies = [np.median(lab(render(brief, index), (0, 0, 1, 0.1)), axis=0) for index in range(3)]
        assert max(np.abs(a - b).max() for a in skies for b in skies) < 0.16

    def test_night_is_darker_than_day(self) -> None:
        brief = scene("in the city by day", "in the city at night")
        day, night = (np.median(lab(render(brief, index))[:, 0]) for index in (0, 1))
        assert night < day - 0.1

    def test_another_seed_is_another_take(self) -> None:
        one, two = (np.asarray(render(scene("a fox", seed=seed), 0), np.int16) for seed in (1, 2))
        assert np.abs(one - two).mean() > 8

    def test_noir_has_no_colour(self) -> None:
        picture = lab(render(scene("a detective in the alley, noir"), 0))
        assert np.percentile(np.hypot(picture[:, 1], picture[:, 2]), 99) < 0.04


class TestPromise:
    def test_the_same_bytes_in_another_process(self) -> None:
        code = (
            "import hashlib\nfrom seedream_ui.platforms.sketch import Brief, encode, render\n"
            "b = Brief('a fox in the snow', ('', 'at night'), False, 7, (320, 320))\n"
            "print(hashlib.sha256(encode(render(b, 1), b, 1)).hexdigest())"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=EXAMPLES.parents[1])
        assert run.stdout.strip() == digest(Brief("a fox in the snow", ("", "at night"), False, 7, (320, 320)), 1)

    def test_the_same_bytes_from_any_number_of_threads(self) -> None:
        brief = shoes(sequence=False, size=(300, 300))
        alone = [digest(brief, index) for index in range(4)]
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda index: digest(brief, index), range(4))) == alone

    @pytest.mark.parametrize("size", [(256, 256), (1089, 271), (256, 4096), (4096, 256), (1024, 1536)])
    def test_the_size_is_exact(self, size: tuple[int, int]) -> None:
        image = render(scene("a couple on the beach", size=size), 0)
        assert (image.size, image.mode) == (size, "RGB")

    def test_the_file_says_what_it_is(self) -> None:
        brief = scene("a fox")
        file = Image.open(io.BytesIO(encode(render(brief, 0), brief, 0)))
        assert file.format == "JPEG"
        assert "no Seedream image" in file.getexif()[ExifTags.Base.ImageDescription]
        assert "Sketch" in file.getexif()[ExifTags.Base.Software]

    @pytest.mark.parametrize("words", ["in the snow by day", "in space at night"])
    def test_the_mark_is_in_the_corner(self, words: str) -> None:
        corner = lab(render(scene(words, size=(640, 640)), 0), (0.7, 0.93, 1, 1))[:, 0]
        assert np.percentile(corner, 99.5) - np.percentile(corner, 0.5) > 0.4

    def test_stop_is_heeded_soon(self) -> None:
        asked = 0

        def stop() -> bool:
            nonlocal asked
            asked += 1
            return asked > 5

        with pytest.raises(Stopped):
            render(scene("a city at night", size=(1024, 1024)), 0, stop)
        assert asked == 6


ODD_PHOTOS = {
    "one pixel": lambda: Image.new("RGB", (1, 1), "red"),
    "a banner": lambda: Image.new("RGB", (8000, 20), "blue"),
    "one colour": lambda: Image.new("RGB", (500, 400), "#777777"),
    "all transparent": lambda: Image.new("RGBA", (300, 300), (0, 0, 0, 0)),
    "a gradient of alpha": lambda: Image.merge(
        "RGBA", [*Image.new("RGB", (256, 256), "green").split(), Image.linear_gradient("L")]
    ),
    "noise": lambda: Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)),
}


class TestNeverFails:
    @pytest.mark.parametrize("kind", ODD_PHOTOS)
    @pytest.mark.parametrize("words", ["", "navy with a gum sole in the snow, left view, comic", "at 45, a braid"])
    def test_any_reference(self, kind: str, words: str) -> None:
        brief = Brief(words, (words,), True, 3, (256, 256), (ODD_PHOTOS[kind](),))
        assert render(brief, 0).size == (256, 256)

    @pytest.mark.parametrize(
        "words", ["🦊🎨🔥", "ثعلب في الثلج", "x" * 100_000, "red " * 25_000, "image 0 image 99", "\x00\ud800"], ids=range(6)
    )
    def test_any_words(self, words: str) -> None:
        for sequence in (True, False):
            assert render(Brief(words, (words, ""), sequence, 3, (256, 256)), 1).size == (256, 256)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=60), st.integers(0, 2**31 - 1), st.booleans(), st.integers(256, 600), st.integers(256, 600))
    def test_anything(self, words: str, seed: int, sequence: bool, width: int, height: int) -> None:
        assert render(Brief(words, (words,), sequence, seed, (width, height)), 0).size == (width, height)


class TestMatte:
    @pytest.mark.parametrize("name", ["shoe", "girl", "character", "kettle"])
    def test_the_examples_are_lifted_off_their_backgrounds(self, name: str) -> None:
        subject = cut_out(photo(name))
        assert subject is not None
        assert 0.3 < subject.alpha.mean() < 0.9

    def test_a_room_is_not_lifted(self) -> None:
        assert cut_out(photo("room")) is None

    def test_the_hole_under_a_kettles_handle_is_a_hole(self) -> None:
        subject = cut_out(photo("kettle"))
        assert subject is not None
        rows, columns = subject.alpha.shape
        assert subject.alpha[int(rows * 0.18), int(columns * 0.40)] < 0.1
