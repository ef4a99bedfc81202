"""The form: it follows the catalogue, and nothing typed is lost."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_text_survives_the_count_going_down_and_up(studio):
    studio.panel(4).fill("the last one, in teal")
    studio.count(2)
    expect(studio.frames).to_have_count(2)
    studio.count(4)
    expect(studio.panel(4)).to_have_value("the last one, in teal")
    expect(studio.frames.last).to_contain_text("the last one, in teal")


def test_the_draft_survives_a_refresh(studio):
    studio.prompt("A boat that is kept")
    studio.panel(2).fill("at night")
    studio.choose("ratio", "16:9")
    studio.open()
    expect(studio.page.locator("#prompt")).to_have_value("A boat that is kept")
    expect(studio.panel(2)).to_have_value("at night")
    expect(studio.page.locator(".reference")).to_have_count(1)
    expect(studio.status).to_contain_text("2848 × 1600")


def test_rows_are_added_duplicated_moved_removed_and_brought_back(studio):
    studio.fresh("x", ("one", "two"), count=2)
    studio.page.get_by_role("button", name="Add panel").click()
    expect(studio.frames).to_have_count(3)
    studio.panel(3).fill("three")
    studio.page.get_by_label("More for panel 1").click()
    studio.page.get_by_role("button", name="Duplicate").click()
    expect(studio.panel(2)).to_have_value("one")
    studio.page.get_by_role("button", name="Move down").click()
    studio.page.get_by_role("button", name="Remove", exact=True).click()
    expect(studio.frames).to_have_count(3)
    studio.page.get_by_role("button", name="Undo").click()
    expect(studio.frames).to_have_count(4)


def test_pasted_lines_fill_the_panels_numbered_or_not(studio):
    studio.page.get_by_role("button", name="Paste lines").click()
    studio.page.get_by_label("One line per panel, numbered or not").fill("1. dawn\n2) noon\n- dusk")
    studio.page.get_by_role("button", name="Fill the panels").click()
    expect(studio.frames).to_have_count(3)
    for number, words in enumerate(("dawn", "noon", "dusk"), 1):
        expect(studio.panel(number)).to_have_value(words)


def test_lines_that_are_refused_stay_in_their_box(studio):
    studio.page.get_by_role("button", name="Paste lines").click()
    box = studio.page.get_by_label("One line per panel, numbered or not")
    too_long = "x" * 100_001
    box.fill(too_long)
    studio.page.get_by_role("button", name="Fill the panels").click()
    expect(studio.page.locator(".notices")).to_contain_text("the limit is 100,000")
    expect(box).to_have_value(too_long)


def test_the_compiled_prompt_is_shown_edited_and_reset(studio):
    sent = studio.page.locator("#sent")
    expect(sent).to_have_value(_contains("four separate images"))
    studio.prompt("A very particular teapot")
    expect(sent).to_have_value(_contains("A very particular teapot"))
    sent.fill("My own words for four images")
    expect(studio.page.get_by_text("Edited by hand")).to_be_visible()
    studio.prompt("Something else")
    expect(sent).to_have_value("My own words for four images")
    studio.page.get_by_role("button", name="Back to the compiled prompt").click()
    expect(sent).to_have_value(_contains("Something else"))


def test_a_number_in_the_words_that_is_not_the_count_is_told_and_mended_in_one_press(studio):
    studio.fresh("Three images of a fox", count=4)
    says = studio.page.locator(".conflict").first
    expect(says).to_contain_text("the set has 4")
    says.get_by_role("button", name="Say 4 in the text").click()
    expect(studio.page.locator("#prompt")).to_have_value("Four images of a fox")
    expect(studio.page.locator(".conflict")).to_have_count(0)
    studio.prompt("Three images of a fox")
    studio.page.locator(".conflict").first.get_by_role("button", name="Make 3").click()
    expect(studio.frames).to_have_count(3)


def test_pressing_a_reference_names_it_at_the_cursor(studio):
    box = studio.panel(2)
    box.fill("the shoe of  on ice")
    box.evaluate("node => { node.focus(); node.setSelectionRange(12, 12) }")
    studio.page.get_by_label("Put “image 1” into the text").click()
    expect(box).to_have_value("the shoe of image 1 on ice")


def test_another_model_changes_limits_sizes_and_price_and_keeps_the_text(studio):
    studio.prompt("Kept")
    studio.choose("platform", "WaveSpeedAI")
    expect(studio.page.locator(".bar")).to_contain_text("WaveSpeedAI needs a key")
    expect(studio.make).to_be_disabled()
    expect(studio.page.locator(".bar")).to_contain_text("4 × $0.027 = $0.108")
    studio.choose("model", "Seedream 4.5")
    expect(studio.page.locator(".bar")).to_contain_text("4 × $0.04 = $0.16")
    studio.page.get_by_text("Exact and recommended sizes").click()
    expect(studio.page.locator(".settings")).to_contain_text("too small for Seedream 4.5")
    expect(studio.page.locator("input[name=recommended]")).to_have_count(0)
    expect(studio.page.locator("#prompt")).to_have_value("Kept")


def test_without_a_key_one_press_makes_the_set_as_a_free_preview(studio):
    studio.choose("platform", "WaveSpeedAI")
    studio.page.get_by_role("button", name="Make 4 images with Sketch · free").click()
    expect(studio.pictures).to_have_count(4, timeout=30_000)
    expect(studio.page.locator("label:has(> input[name=platform]:checked)")).to_have_text("Sketch")


def test_the_words_about_a_missing_key_lead_to_its_box(studio):
    studio.choose("platform", "WaveSpeedAI")
    studio.page.get_by_role("button", name="WaveSpeedAI needs a key").click()
    expect(studio.page.get_by_label("Your WaveSpeedAI key")).to_be_focused()
    expect(studio.page.get_by_label("Your WaveSpeedAI key")).to_be_in_viewport(ratio=1)


def test_classic_controls_quote_in_credits(studio):
    studio.choose("preset", "Classic")
    expect(studio.page.locator(".bar")).to_contain_text("53 Daisy credits, 3 fewer than singly (5%)")
    expect(studio.page.get_by_text("Pro 3K")).to_be_visible()
    expect(studio.page.locator("input[name=ratio]")).to_have_count(4)
    expect(studio.page.get_by_label("One image more")).to_be_disabled()


def test_one_image_says_that_seq_has_no_effect(studio):
    studio.count(1)
    expect(studio.page.locator(".switch")).to_contain_text("With one image, Seq has no effect.")


def test_an_example_fills_the_whole_form_and_can_be_undone(studio):
    studio.prompt("Mine")
    studio.page.locator(".menu summary").click()
    studio.page.get_by_role("button", name="A life in a cyberpunk city").click()
    expect(studio.frames).to_have_count(3)
    expect(studio.page.locator("#prompt")).not_to_have_value("Mine")
    studio.page.get_by_role("button", name="Undo").click()
    expect(studio.page.locator("#prompt")).to_have_value("Mine")
    expect(studio.frames).to_have_count(4)


def test_code_in_a_text_stays_text(studio):
    attack = "${document.title='owned'} {{7*7}} `tick` <img src=x onerror=\"document.title='owned'\">"
    studio.fresh(attack, (attack, attack), count=2)
    expect(studio.frames.first).to_contain_text("${document.title='owned'} {{7*7}} `tick` <img")
    studio.run(2)
    expect(studio.page).to_have_title("Sequence Studio")


def test_emoji_and_right_to_left_text_go_through(studio):
    studio.fresh("🦊🌧️", ("ثعلب في المطر",), count=1)
    studio.run(1)
    expect(studio.frames.first).to_contain_text("ثعلب في المطر")


def test_nothing_to_draw_is_said_at_the_button(studio):
    studio.fresh("", count=2)
    expect(studio.make).to_be_disabled()
    expect(studio.page.locator(".bar")).to_contain_text("There is nothing to draw yet.")


def test_what_is_wrong_with_a_panel_stands_under_it(studio):
    studio.panel(2).fill("x" * 2001)
    expect(studio.page.locator(".panel").nth(1)).to_contain_text("The text of panel 2 is 2,001 characters long")
    expect(studio.panel(2)).to_have_attribute("aria-invalid", "true")
    expect(studio.page.locator("#sent")).to_have_value("")
    studio.panel(2).fill("mended")
    expect(studio.page.locator(".panel .problem")).to_have_count(0)


def test_the_menu_closes_at_a_press_beside_it(studio):
    studio.page.locator(".menu summary").click()
    expect(studio.page.locator(".menu-body")).to_be_visible()
    studio.page.locator(".stage .status").click()
    expect(studio.page.locator(".menu-body")).to_be_hidden()


def test_bad_files_are_named_with_the_reason_and_the_good_ones_stay(studio, photo):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    studio.page.locator("input[type=file]").set_input_files(
        [
            {"name": "notes.png", "mimeType": "image/png", "buffer": b"not a picture at all"},
            {"name": "cut.jpg", "mimeType": "image/jpeg", "buffer": photo[: len(photo) // 2]},
            {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": svg},
            {"name": "good.jpg", "mimeType": "image/jpeg", "buffer": photo},
        ]
    )
    expect(studio.page.locator(".reference")).to_have_count(2)
    notices = studio.page.locator(".notices")
    for name in ("notes.png", "cut.jpg", "logo.svg"):
        expect(notices).to_contain_text(f"“{name}” was left out")


def test_a_file_of_30_megabytes_never_leaves_the_browser(studio, tmp_path):
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(30 << 20)
    studio.page.locator("input[type=file]").set_input_files(tmp_path / "huge.jpg")
    expect(studio.page.locator(".notices")).to_contain_text("“huge.jpg” was left out: it is over 20 MB.")


def test_an_eleventh_reference_is_left_out_and_said(studio, photo):
    files = [{"name": f"{i}.jpg", "mimeType": "image/jpeg", "buffer": _tinted(photo, i)} for i in range(10)]
    studio.page.locator("input[type=file]").set_input_files(files)
    expect(studio.page.locator(".reference")).to_have_count(10, timeout=20_000)
    expect(studio.page.locator(".notices")).to_contain_text("takes 10 reference images; 1 left out")
    expect(studio.page.locator(".drop")).to_have_count(0)


def test_a_picture_can_be_pasted(studio, photo):
    studio.page.evaluate(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "pasted.jpg", { type: "image/jpeg" }));
            document.querySelector("#prompt").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }""",
        list(photo),
    )
    expect(studio.page.locator(".reference")).to_have_count(2)


def _tinted(photo: bytes, step: int) -> bytes:
    """The photo, different in content."""
    with Image.open(io.BytesIO(photo)) as image:
        small = image.resize((200 + step, 150))
    out = io.BytesIO()
    small.save(out, "JPEG")
    return out.getvalue()


def _contains(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))
