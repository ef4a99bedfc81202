"""The main job, as a new user would do it."""

import hashlib
import io
import json
import re
import zipfile

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_stranger_opens_the_page_and_one_press_makes_the_example(studio):
    expect(studio.frames).to_have_count(4)
    expect(studio.page.locator(".frame .edge").first).to_contain_text("Classic white")
    expect(studio.make).to_have_text("Make 4 images · free")
    studio.run()
    expect(studio.status).to_contain_text("4 images in")
    alts = [image.get_attribute("alt") for image in studio.pictures.all()]
    assert alts[0].startswith("Image 1 of 4:")
    assert "white" in alts[0]


def test_four_matched_images_from_an_own_photo_then_full_screen_and_download(studio, photo):
    studio.fresh("The mug from image 1, nothing else changes", ("matte red", "navy", "mustard yellow", "white"))
    chooser = studio.page.locator("input[type=file]")
    chooser.set_input_files({"name": "mug.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(studio.page.locator(".reference")).to_have_count(1)
    studio.run()
    studio.page.get_by_label("Open image 1 full screen").click()
    viewer = studio.page.locator("dialog.viewer")
    expect(viewer.locator("img")).to_have_attribute("src", re.compile("/middle/"), timeout=10_000)
    studio.page.keyboard.press("ArrowRight")
    expect(viewer.locator(".viewer-place")).to_have_text("2 / 4")
    studio.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    with studio.page.expect_download() as started:
        studio.page.get_by_label("Download image 1").click()
    with Image.open(started.value.path()) as image:
        assert image.size == (2304, 1728)
        assert "not a Seedream image" in str(image.getexif().get(270, "")) or "no Seedream" in str(image.getexif().get(270, ""))


def test_seq_off_lays_the_frames_apart_and_makes_another_set_beside_the_first(studio):
    expect(studio.page.locator(".frames-box.seq .thread")).to_have_count(1)
    studio.run()
    studio.page.get_by_role("switch", name="Seq").click()
    expect(studio.page.locator(".frames-box.apart")).to_be_visible()
    expect(studio.page.locator(".thread")).to_have_count(0)
    expect(studio.pictures).to_have_count(0)
    studio.run()
    expect(studio.page.locator(".take")).to_have_count(3)
    studio.page.locator(".take").first.click()
    expect(studio.page.locator(".frames-box.seq")).to_be_visible()
    expect(studio.pictures).to_have_count(4)


def test_another_tab_shows_the_same_run(studio, make_studio):
    studio.run()
    other = make_studio(context=studio.page.context)
    expect(other.pictures).to_have_count(4)


def test_a_double_click_starts_one_run(studio):
    studio.make.dblclick()
    expect(studio.page.locator(".status.completed")).to_be_visible(timeout=30_000)
    expect(studio.page.locator(".take")).to_have_count(2)


def test_stop_keeps_what_was_made(studio):
    studio.fresh("A garden in fifteen moods", count=15)
    studio.choose("tier", "4K")
    studio.make.click()
    expect(studio.make).to_be_disabled()
    expect(studio.pictures.first).to_be_visible(timeout=30_000)
    studio.page.get_by_role("button", name="Stop").click()
    expect(studio.status).to_contain_text("Stopped.", timeout=10_000)
    assert 1 <= studio.pictures.count() < 15
    expect(studio.page.get_by_text("Stopped before this image").first).to_be_visible()
    expect(studio.make).to_be_enabled()


def test_ctrl_enter_generates(studio):
    studio.page.locator("#prompt").press("Control+Enter")
    expect(studio.pictures).to_have_count(4, timeout=30_000)


def test_a_result_becomes_a_reference(studio):
    studio.run()
    studio.page.get_by_label("Use image 2 as a reference").click()
    expect(studio.page.locator(".reference")).to_have_count(2)
    expect(studio.page.get_by_label("What it is for: image 2")).to_have_value("image 2 of the set")


def test_vary_makes_another_take_of_the_same_request(studio):
    studio.run()
    first = studio.pictures.first.get_attribute("src")
    studio.page.get_by_role("button", name="Vary").click()
    expect(studio.page.locator(".take")).to_have_count(3, timeout=20_000)
    expect(studio.pictures).to_have_count(4, timeout=30_000)
    assert studio.pictures.first.get_attribute("src") != first


def test_the_set_leaves_as_zip_contact_sheet_and_pdf(studio):
    studio.run()
    found = {}
    for button in ("Originals, ZIP", "Contact sheet", "PDF"):
        with studio.page.expect_download() as started:
            studio.page.get_by_role("button", name=button, exact=True).click()
        found[button] = started.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(found["Originals, ZIP"])) as archive:
        record = json.loads(archive.read("record.json"))
        hashes = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name.endswith(".jpg")}
    assert {panel["sha256"] for panel in record["panels"]} == hashes
    assert Image.open(io.BytesIO(found["Contact sheet"])).format == "PNG"
    assert found["PDF"].startswith(b"%PDF")


def test_details_tell_size_time_fingerprint_prompt_and_cost(studio):
    studio.run()
    studio.page.get_by_role("tab", name="Details").click()
    details = studio.page.locator(".details")
    for words in ("2304 × 1728", "Nothing was charged", "Fingerprint", "Sketch preview"):
        expect(details).to_contain_text(words)
    studio.page.get_by_role("tab", name="Prompt sent").click()
    expect(studio.page.locator("#more pre")).to_contain_text("four separate images")


def test_the_slideshow_advances_and_can_be_paused(studio):
    studio.run()
    studio.page.clock.install()
    studio.page.get_by_role("button", name="Slideshow").click()
    place = studio.page.locator(".viewer-place")
    expect(place).to_have_text("1 / 4")
    studio.page.clock.fast_forward(4_500)
    expect(place).to_have_text("2 / 4")
    studio.page.get_by_label("Pause").click()
    expect(studio.page.get_by_label("Play", exact=True)).to_be_visible()


def test_two_sets_lie_beside_each_other_to_compare(studio):
    studio.run()
    studio.page.get_by_role("switch", name="Seq").click()
    studio.run()
    studio.page.get_by_role("button", name="Compare").click()
    expect(studio.page.locator(".table")).to_have_count(2)
    expect(studio.page.locator(".frames-box.seq")).to_have_count(1)
    expect(studio.page.locator(".frames-box.apart")).to_have_count(1)
    expect(studio.pictures).to_have_count(8)


def test_the_api_is_described_one_press_away(studio):
    studio.page.get_by_role("link", name="API").click()
    expect(studio.page.get_by_text("Make a set of images that belong together.").first).to_be_visible(timeout=15_000)
