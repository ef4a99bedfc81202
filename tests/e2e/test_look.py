"""How the page holds up: narrow, dark, without a mouse, and for a screen reader."""

import os
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Studio

pytestmark = pytest.mark.browser
SCREENS = Path(__file__).parents[2] / "screenshots"
README_PICTURE = Path(__file__).parents[2] / "docs" / "studio.png"


SWITCH = """theme => {
    document.body.classList.toggle("dark", theme === "dark");
    document.documentElement.dataset.theme = theme;
}"""
"""As the button in the header does."""


def in_both_themes(studio: Studio, state: str) -> None:
    """Accessible by day and by night; the pictures taken are for people to look at."""
    SCREENS.mkdir(exist_ok=True)
    backgrounds = set()
    for theme in ("dark", "light"):
        studio.page.evaluate(SWITCH, theme)
        studio.accessible(f"{theme} {state}")
        backgrounds.add(studio.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        studio.page.screenshot(path=SCREENS / f"{theme}-{state}.png")
    assert len(backgrounds) == 2


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_state_is_accessible_and_fits(make_studio, viewport):
    studio = make_studio(viewport)
    page, width = studio.page, viewport["width"]

    def look(state: str) -> None:
        in_both_themes(studio, f"{width}-{state}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state} overflows"
        expect(studio.make).to_be_in_viewport(ratio=1)

    look("first")
    page.locator(".menu summary").click()
    look("examples")
    page.keyboard.press("Escape")
    studio.make.click()
    look("running")
    expect(studio.pictures).to_have_count(4, timeout=30_000)
    expect(page.locator(".status.completed")).to_be_visible(timeout=10_000)
    look("done")
    page.get_by_role("tab", name="Code").click()
    expect(page.locator("#more pre")).to_be_visible()
    look("code")
    studio.choose("platform", "WaveSpeedAI")
    studio.choose("model", "Seedream 4.5")
    page.get_by_text("Exact and recommended sizes").click()
    page.get_by_label("More for panel 1").click()
    expect(page.locator(".settings")).to_contain_text("too small for Seedream 4.5")
    look("wavespeed")
    page.get_by_label("Open image 1 full screen").click()
    expect(page.locator("dialog.viewer img")).to_have_attribute("src", re.compile("/middle/"))
    in_both_themes(studio, f"{width}-viewer")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_history_is_accessible_and_fits(make_studio, viewport):
    studio = make_studio(viewport)
    page, width = studio.page, viewport["width"]

    def look(state: str) -> None:
        in_both_themes(studio, f"{width}-{state}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state} overflows"

    studio.past()
    expect(page.locator(".history")).to_contain_text("No sets yet.")
    look("history-empty")
    studio.stage()
    studio.run()
    studio.fresh("A lighthouse " + "seen from the same rock in another light, " * 12 + "Donaudampfschifffahrt" * 5, count=6)
    studio.choose("ratio", "21:9")
    studio.run(6)
    expect(studio.past()).to_have_count(2)
    page.locator(".entry img").first.scroll_into_view_if_needed()
    look("history")
    page.get_by_role("button", name="Rename").first.click()
    page.get_by_role("button", name="Delete", exact=True).last.click()
    page.get_by_text("Recovery code", exact=True).click()
    look("history-open")


def test_the_history_works_from_the_keyboard(studio):
    studio.run()
    studio.page.get_by_role("button", name="History", exact=True).focus()
    studio.page.keyboard.press("Enter")
    title = studio.page.locator(".entry-title button")
    title.focus()
    for name in ("Open", "Remix", "ZIP", "Rename", "Pin", "Delete"):
        studio.page.keyboard.press("Tab")
        expect(studio.page.locator(":focus")).to_have_text(name)
    studio.page.keyboard.press("Enter")
    expect(studio.page.locator(":focus")).to_have_text("Keep")
    studio.page.keyboard.press("Escape")
    expect(studio.page.locator(":focus")).to_have_text("Delete")
    title.focus()
    studio.page.keyboard.press("Enter")
    expect(studio.pictures).to_have_count(4)


def test_the_tabs_below_the_set_are_in_sight(studio):
    studio.run()
    for name in ("Code", "Details", "Prompt sent"):
        expect(studio.page.get_by_role("tab", name=name)).to_be_in_viewport(ratio=1)


def test_the_button_stays_in_sight_however_far_the_form_is_scrolled(studio):
    studio.page.locator("#sent").scroll_into_view_if_needed()
    expect(studio.make).to_be_in_viewport(ratio=1)
    expect(studio.frames.first).to_be_in_viewport()


def test_the_whole_job_works_from_the_keyboard(studio):
    studio.page.locator("#generate").focus()
    studio.page.keyboard.press("Enter")
    expect(studio.pictures).to_have_count(4, timeout=30_000)
    studio.page.get_by_label("Open image 3 full screen").focus()
    studio.page.keyboard.press("Enter")
    expect(studio.page.locator(".viewer-place")).to_have_text("3 / 4")
    studio.page.keyboard.press("ArrowLeft")
    expect(studio.page.locator(".viewer-place")).to_have_text("2 / 4")
    studio.page.keyboard.press("Escape")
    expect(studio.page.get_by_label("Open image 3 full screen")).to_be_focused()


def test_a_dark_system_opens_a_dark_page(make_studio):
    studio = make_studio(color_scheme="dark")
    expect(studio.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(studio.page.locator("body")).to_have_class(re.compile("dark"))


def test_the_theme_is_switched_and_remembered(studio):
    studio.page.get_by_label("Switch between light and dark").click()
    expect(studio.page.locator("html")).to_have_attribute("data-theme", "dark")
    studio.open()
    expect(studio.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_picture_of_the_readme_is_a_screenshot_of_this_page(studio):
    studio.run()
    studio.page.mouse.move(0, 0)
    SCREENS.mkdir(exist_ok=True)
    picture = SCREENS / "readme.png"
    studio.page.screenshot(path=picture)
    if os.environ.get("SEEDREAM_UPDATE_README") or not README_PICTURE.exists():
        README_PICTURE.parent.mkdir(exist_ok=True)
        shutil.copy(picture, README_PICTURE)
    shown, now = (Image.open(path).convert("RGB").resize((144, 90)) for path in (README_PICTURE, picture))
    assert max(ImageStat.Stat(ImageChops.difference(shown, now)).mean) < 6  # of 255: fonts may differ, the pictures may not


def test_on_a_phone_the_history_opens_at_its_head_and_leads_back(make_studio):
    studio = make_studio(PHONE)
    studio.past()
    expect(studio.page.get_by_label("Search in your sets")).to_be_in_viewport(ratio=1)
    studio.page.wait_for_function("document.querySelector('.history-title').getBoundingClientRect().top < 60")
    studio.page.get_by_role("button", name="Back to the studio").first.click()
    expect(studio.page.locator(".menu summary")).to_be_in_viewport(ratio=1)
    expect(studio.frames).to_have_count(4)


def test_on_a_phone_nothing_lies_hidden_behind_the_bar(make_studio):
    studio = make_studio(PHONE)
    page = studio.page
    studio.choose("platform", "WaveSpeedAI")
    expect(page.get_by_role("button", name="Make 4 images with Sketch")).to_be_visible()
    reach = "([what, end]) => document.querySelector(what).getBoundingClientRect()[end]"
    page.locator("#sent").focus()
    assert page.evaluate(reach, ["#sent", "bottom"]) <= page.evaluate(reach, [".bar", "top"])
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.evaluate(reach, [".legal", "bottom"]) <= page.evaluate(reach, [".bar", "top"])


def test_under_a_thumb_the_pictures_are_bare_and_the_viewer_has_what_can_be_done(browser, make_studio):
    studio = make_studio(context=browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True))
    studio.make.tap()
    expect(studio.pictures).to_have_count(4, timeout=30_000)
    expect(studio.page.locator(".frame-tools").first).to_be_hidden()
    studio.page.get_by_label("Open image 2 full screen").tap()
    studio.page.get_by_label("Use as a reference", exact=True).tap()
    expect(studio.page.locator(".reference")).to_have_count(2)
    expect(studio.page.locator("dialog.viewer")).to_have_count(0)


def test_on_a_phone_the_press_leads_to_the_stage(browser, make_studio):
    studio = make_studio(context=browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True))
    studio.make.tap()
    expect(studio.frames.first).to_be_in_viewport(timeout=10_000)
    expect(studio.pictures).to_have_count(4, timeout=30_000)
    expect(studio.frames.first).to_be_in_viewport()
