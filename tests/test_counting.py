"""Does the prompt say another number of images than the count? A false alarm costs more than a missed one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedream_ui.counting import count_conflicts, fix

CONFLICTS = [
    # what is written, count, the number found, what the fix makes of it
    ("three images of a fox", 4, 3, "four images of a fox"),
    ("Three images of a fox", 4, 3, "Four images of a fox"),
    ("THREE IMAGES", 4, 3, "FOUR IMAGES"),
    ("3 images of a fox", 4, 3, "4 images of a fox"),
    ("3 images", 1, 3, "1 image"),
    ("one image of a fox", 4, 1, "four images of a fox"),
    ("1 image", 4, 1, "4 images"),
    ("A single set: one single image", 4, 1, "A single set: four single images"),
    ("a series of 3 pictures", 2, 3, "a series of 2 pictures"),
    ("a 4-panel story", 3, 4, "a 3-panel story"),
    ("a four-panel story", 3, 4, "a three-panel story"),
    ("an 8-panel story", 4, 8, "a 4-panel story"),
    ("A four-panel story", 11, 4, "An eleven-panel story"),
    ("four (4) images", 6, 4, "6 images"),
    ("three product shots", 4, 3, "four product shots"),
    ("the coat of image 2, three versions of it", 4, 3, "the coat of image 2, four versions of it"),
    ("a 4 panel comic", 3, 4, "a 3 panel comic"),
    ("Make 4 image of a cat", 3, 4, "Make 3 image of a cat"),
    ("four separate images", 6, 4, "six separate images"),
    ("5 different, matching photographs", 4, 5, "4 different, matching photographs"),
    ("two new square versions", 4, 2, "four new square versions"),
    ("three image variations", 4, 3, "four image variations"),
    ("four 4K renders", 2, 4, "two 4K renders"),
    ("four 16:9 frames", 2, 4, "two 16:9 frames"),
    ("a dozen illustrations", 4, 12, "four illustrations"),
    ("half a dozen photos", 4, 6, "four photos"),
    ("A pair of photos", 4, 2, "Four photos"),
    ("a couple of shots", 4, 2, "four shots"),
    ("twenty pics", 15, 20, "fifteen pics"),
    ("zero images", 4, 0, "four images"),
    ("4x images", 3, 4, "3x images"),
    ("2-4 images", 5, 4, "5 images"),
    ("two or three images", 5, 3, "five images"),
    ("between 2 and 4 images", 5, 4, "5 images"),
    ("Between two and four images", 5, 4, "Five images"),
    ("at least 6 images", 4, 6, "at least 4 images"),
    ("up to 3 images", 4, 3, "up to 4 images"),
    ("4 of the 6 images are by night", 4, 6, "4 of the 4 images are by night"),
    ("all three shots share one light", 4, 3, "all four shots share one light"),
    ("two models in 3 images", 2, 3, "two models in 2 images"),
    ("use image 2 for 3 images", 4, 3, "use image 2 for 4 images"),
    ("four images, each showing a season", 3, 4, "three images, each showing a season"),
    ("four images each showing a season", 3, 4, "three images each showing a season"),
    ("３ images", 4, 3, "４ images"),
    ("生成3张", 4, 3, "生成4张"),
    ("生成三张图，冬天", 4, 3, "生成四张图，冬天"),
    ("两张照片", 4, 2, "四张照片"),
    ("4幅插画", 2, 4, "2幅插画"),
    ("四幅插画", 12, 4, "十二幅插画"),
    ("十二张图", 2, 12, "两张图"),
    ("四格漫画", 3, 4, "三格漫画"),
]

NO_CONFLICT = [
    ("four images", 4),
    ("4 images", 4),
    ("四张图", 4),
    ("two models in 2 images", 2),
    ("image 2", 4),
    ("image 2 and image 3", 4),
    ("images 1 and 2", 4),
    ("the dress of image 1, 2 and 3 photographed", 4),
    ("panel 3 shot from above", 4),
    ("Panel 3: close-up", 4),
    ("version 2", 4),
    ("reference images", 4),
    ("2 reference photos", 4),
    ("the two input images", 4),
    ("the 3 uploaded images", 4),
    ("the two images I uploaded", 4),
    ("take the two photos as references", 4),
    ("combine the two photos", 4),
    ("based on these two pictures", 4),
    ("my 2 photos", 4),
    ("first two images", 4),
    ("the last 2 panels", 4),
    ("the other three shots", 4),
    ("another two images", 4),
    ("each image", 4),
    ("an image", 4),
    ("every two frames", 4),
    ("one image per colour", 4),
    ("one photo for each season", 4),
    ("one image each.", 4),
    ("in one image she laughs, in another she cries", 4),
    ("more than one image", 4),
    ("16:9 image", 4),
    ("2K images", 4),
    ("2.5 images", 4),
    ("35 mm shot", 4),
    ("a 35mm shot", 4),
    ("1980s photo", 4),
    ("2024 photos", 4),
    ("8x10 photos", 4),
    ("a 2x2 image grid", 4),
    ("1/2 image", 4),
    ("in the style of Seedream 3 images", 4),
    ("she holds two pictures", 4),
    ("Portra 400 photo", 4),
    ("shot like iPhone 15 photos", 4),
    ("a two-shot of the couple", 4),
    ("a 3-shot espresso", 4),
    ("two shots of espresso on the bar", 4),
    ("24 frames per second", 4),
    ("three picture frames on a wall", 4),
    ("two photo albums", 4),
    ("2-4 images", 3),
    ("two to five images", 4),
    ("between 2 and 4 images", 3),
    ("up to 6 images", 4),
    ("at least two images", 4),
    ("two images by day and two images by night", 4),
    ("4 hairstyles, 3 colours, one girl", 2),
    ("第3张图更亮", 4),
    ("前两张", 4),
    ("每个颜色两张图", 4),
    ("一张木桌和两张椅子", 4),
    ("三张参考图", 4),
    ("", 4),
]


@pytest.mark.parametrize(("text", "count", "found", "fixed"), CONFLICTS)
def test_another_number_of_images_is_found_and_fixed_in_its_own_style(text: str, count: int, found: int, fixed: str) -> None:
    (conflict,) = count_conflicts(text, count)
    assert conflict.found == found
    assert text[conflict.start :].startswith(conflict.words)
    assert conflict.words.startswith(text[conflict.start : conflict.end])
    assert fix(text, count) == fixed


@pytest.mark.parametrize(("text", "count"), NO_CONFLICT)
def test_what_counts_something_else_is_left_alone(text: str, count: int) -> None:
    assert count_conflicts(text, count) == ()
    assert fix(text, count) == text


def test_the_phrase_and_its_correction_can_be_shown() -> None:
    (conflict,) = count_conflicts("Make three separate images.", 4)
    assert conflict.words == "three separate images"
    assert conflict.replacement(4) == "four"
    assert conflict.corrected(4) == "four separate images"


def test_each_of_several_conflicts_is_fixed() -> None:
    assert fix("3 images. All three images are dark. 三张图。", 4) == "4 images. All four images are dark. 四张图。"


@given(st.text(), st.integers(1, 15))
def test_any_text_can_be_read(text: str, count: int) -> None:
    for conflict in count_conflicts(text, count):
        assert text[conflict.start :].startswith(conflict.words)


@given(st.lists(st.sampled_from([text for text, *_ in CONFLICTS] + [text for text, _ in NO_CONFLICT])), st.integers(1, 15))
def test_a_fixed_text_has_no_conflict_left(texts: list[str], count: int) -> None:
    assert count_conflicts(fix(". ".join(texts), count), count) == ()


@given(st.text("fıveſıxONE 一十张0１-x\n images", max_size=60), st.integers(1, 15))
def test_look_alike_letters_do_no_harm(text: str, count: int) -> None:
    fix(text, count)


REPEATED = ["one image ", "1 ", "2 separate, separate ", "a", " ", "1", "-", "三张图，再画", "十", "每", "2 and "]


@pytest.mark.parametrize("piece", REPEATED)
def test_a_hundred_thousand_characters_are_read_at_once(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert min(_seconds(text) for _ in range(3)) < 0.2


def _seconds(text: str) -> float:
    began = time.process_time()
    count_conflicts(text, 4)
    return time.process_time() - began
