"""Sets come back: in mid-run, in another tab, in the history, and in another browser with the recovery code."""

import csv
import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Studio

pytestmark = pytest.mark.browser

SEARCH = "Search in your sets"


def entry(studio: Studio, number: int = 0):
    return studio.page.locator(".entry").nth(number)


def press(studio: Studio, name: str, number: int = 0) -> None:
    entry(studio, number).get_by_role("button", name=name, exact=True).click()


def start_long(studio: Studio) -> None:
    """A set that takes about three reloads of the page."""
    studio.fresh("A lighthouse through the day", count=15)
    studio.choose("tier", "3K")
    studio.make.click()
    expect(studio.pictures.first).to_be_visible(timeout=30_000)


# -------------------------------------------------------------------------------------------------------- coming back
def test_a_reload_in_mid_run_goes_on_showing_it_with_its_clock_right(studio):
    start_long(studio)
    studio.open()
    expect(studio.status).to_contain_text("Making image")
    expect(studio.page.locator("#prompt")).to_have_value("A lighthouse through the day")
    assert int(studio.status.inner_text().split("·")[1].split()[0]) >= 1
    expect(studio.make).to_be_disabled()
    expect(studio.pictures).to_have_count(15, timeout=90_000)
    expect(studio.status).to_contain_text("15 images in")


def test_a_closed_tab_is_found_again_in_a_new_one(studio, make_studio):
    start_long(studio)
    studio.page.close()
    again = make_studio(context=studio.page.context)
    expect(again.status).to_contain_text("Making image")
    expect(again.pictures).to_have_count(15, timeout=90_000)


def test_the_history_has_an_address(studio):
    studio.run()
    studio.past()
    expect(studio.page).to_have_url(re.compile("#history$"))
    studio.page.go_back()
    expect(studio.pictures).to_have_count(4)
    studio.page.go_forward()
    expect(studio.page.get_by_label(SEARCH)).to_be_visible()
    studio.open()
    expect(studio.page.get_by_label(SEARCH)).to_be_visible()
    press(studio, "Open")
    expect(studio.pictures).to_have_count(4)
    expect(studio.page).not_to_have_url(re.compile("#"))


def test_a_run_appears_in_the_other_tab_without_a_reload(studio, make_studio):
    other = make_studio(context=studio.page.context)
    studio.run()
    expect(other.pictures).to_have_count(4, timeout=20_000)
    expect(other.page.locator(".status.completed")).to_be_visible()
    assert other.pictures.first.get_attribute("src") == studio.pictures.first.get_attribute("src")


def test_the_browser_keeps_no_list_of_sets_and_finds_them_all_the_same(studio):
    studio.run()
    kept = studio.page.evaluate("Object.keys(localStorage)")
    assert "studio.visitor" in kept
    assert not [name for name in kept if "takes" in name]
    studio.open()
    expect(studio.pictures).to_have_count(4)


def test_nobody_else_sees_a_set_or_may_touch_it(studio, make_studio):
    studio.run()
    stranger = make_studio()
    expect(stranger.past()).to_have_count(0)
    expect(stranger.page.locator(".history")).to_contain_text("No sets yet.")
    run_id = studio.ask("recent")["runs"][-1]["id"]
    for name in (
        "follow_run",
        "stop_run",
        "remix",
        "references_of",
        "export_run",
        "rename_run",
        "pin_run",
        "delete_run",
        "vary_run",
    ):
        asked = {"run": run_id, "version": -1, "kind": "zip", "name": "x", "pinned": True, "press": "y" * 32}
        assert "no longer on this server" in stranger.ask(name, **asked)["error"], name
    expect(studio.past()).to_have_count(1)


# ------------------------------------------------------------------------------------------------------------ history
def test_the_history_tells_each_set_in_one_line_and_opens_it_as_it_was(studio):
    studio.fresh("An old tram in the rain", count=6)
    studio.run(6)
    studio.fresh("A red kettle", count=2)
    studio.run(2)
    expect(studio.past()).to_have_count(2)
    expect(entry(studio)).to_contain_text("A red kettle")
    expect(entry(studio, 1).locator(".entry-line")).to_contain_text("Done · Sketch preview · 6 images · free · just now")
    expect(entry(studio, 1).locator("img")).to_have_count(4)
    expect(entry(studio, 1).locator(".strip")).to_contain_text("+2")
    press(studio, "An old tram in the rain", 1)
    expect(studio.pictures).to_have_count(6)
    expect(studio.status).to_contain_text("6 images in")
    expect(studio.page.get_by_role("button", name="Slideshow")).to_be_visible()


def test_a_set_that_goes_on_is_live_in_the_history(studio):
    start_long(studio)
    studio.past()
    expect(entry(studio)).to_contain_text("Making image")
    expect(entry(studio)).to_contain_text("of 15 images")
    expect(entry(studio).get_by_role("button", name="Delete")).to_have_count(0)
    expect(entry(studio)).to_contain_text("Done", timeout=90_000)
    expect(entry(studio)).to_contain_text("15 images · free")


def test_details_show_what_a_set_was_made_with(studio):
    studio.run()
    studio.page.get_by_role("tab", name="Details").click()
    made_with = studio.page.locator(".made-with li")
    expect(made_with).to_have_count(1)
    expect(made_with).to_contain_text("the shoe")
    expect(made_with.locator("img")).to_have_attribute("alt", "the shoe")


def test_search_finds_every_word_wherever_it_stands(studio):
    for prompt in ("A fox in the snow", "A harbour at night"):
        studio.fresh(prompt, ("with a lantern",), count=1)
        studio.run(1)
    studio.past()
    studio.page.get_by_label(SEARCH).fill("LANTERN fox")
    expect(studio.page.locator(".entry")).to_have_count(1)
    expect(entry(studio)).to_contain_text("A fox in the snow")
    studio.page.get_by_label(SEARCH).fill("zeppelin")
    expect(studio.page.locator(".history")).to_contain_text("No set has “zeppelin” in its words.")
    studio.page.get_by_label(SEARCH).fill("")
    expect(studio.page.locator(".entry")).to_have_count(2)


def test_a_set_is_renamed_in_its_place_and_found_by_its_name(studio):
    studio.run()
    studio.past()
    press(studio, "Rename")
    box = studio.page.get_by_label("Name of this set")
    box.fill("Spring campaign, <b>final</b>")
    box.press("Enter")
    expect(entry(studio).locator(".entry-title")).to_have_text("Spring campaign, <b>final</b>")
    expect(entry(studio).get_by_role("button", name="Rename")).to_be_focused()
    press(studio, "Rename")
    studio.page.keyboard.press("Escape")
    studio.page.get_by_label(SEARCH).fill("campaign")
    expect(studio.page.locator(".entry")).to_have_count(1)
    studio.stage()
    expect(studio.page.locator(".take").first).to_contain_text("Spring campaign")
    studio.open()
    expect(studio.page.locator(".take").first).to_contain_text("Spring campaign")


def test_a_pinned_set_says_so_until_it_is_let_go(studio):
    studio.run()
    studio.past()
    press(studio, "Pin")
    expect(entry(studio).locator(".entry-line")).to_contain_text("pinned")
    press(studio, "Unpin")
    expect(entry(studio).locator(".entry-line")).not_to_contain_text("pinned")


def test_deleting_takes_two_presses_and_the_images_but_not_the_line_in_the_ledger(studio):
    studio.run()
    original = studio.page.evaluate("document.querySelector('.picture img').src").replace("/thumb/", "/middle/")
    studio.past()
    press(studio, "Delete")
    expect(entry(studio)).to_contain_text("Delete this set and its 4 images? Its line in the ledger stays.")
    press(studio, "Keep")
    press(studio, "Delete")
    press(studio, "Delete for good")
    expect(studio.page.locator(".entry")).to_have_count(0)
    expect(studio.page.locator(".notices")).to_contain_text("The set and its images are deleted.")
    assert studio.page.request.get(original).status == 404
    studio.stage()
    expect(studio.page.locator(".take")).to_have_count(0)
    assert len(_ledger(studio)) == 1


def test_a_set_deleted_in_one_tab_is_gone_from_the_other(studio, make_studio):
    studio.run()
    other = make_studio(context=studio.page.context)
    expect(other.page.locator(".take")).to_have_count(2)
    other.past()
    press(other, "Delete")
    press(other, "Delete for good")
    expect(studio.page.locator(".take")).to_have_count(0)
    expect(studio.pictures).to_have_count(0)


def test_remix_fills_the_whole_form_references_included_and_can_be_undone(studio):
    studio.choose("ratio", "16:9")
    studio.run()
    studio.fresh("Something else", count=1)
    expect(studio.page.locator(".reference")).to_have_count(0)
    studio.past()
    press(studio, "Remix")
    expect(studio.page.locator("#prompt")).to_have_value(_starting("Show the shoe from image 1"))
    expect(studio.page.locator(".reference")).to_have_count(1)
    expect(studio.page.get_by_label("What it is for: image 1")).to_have_value("the shoe")
    expect(studio.panel(2)).to_have_value("navy upper with gold details and gold eyelets")
    expect(studio.page.locator("input[name=ratio]:checked + span")).to_have_text("16:9")
    expect(studio.frames).to_have_count(4)
    expect(studio.pictures).to_have_count(0)
    studio.page.get_by_role("button", name="Undo").click()
    expect(studio.page.locator("#prompt")).to_have_value("Something else")


def test_remix_says_which_references_are_no_longer_there(studio, app, photo_of):
    studio.fresh("The thing from image 1", count=1)
    own = {"name": "own.jpg", "mimeType": "image/jpeg", "buffer": photo_of("orchid", 500, 410)}
    studio.page.locator("input[type=file]").set_input_files(own)
    expect(studio.page.locator(".reference")).to_have_count(1)
    studio.run(1)
    studio.page.wait_for_function("JSON.parse(localStorage.getItem('studio.draft.v1')).references.length === 1")
    sha256 = studio.page.evaluate("JSON.parse(localStorage.getItem('studio.draft.v1')).references[0].sha256")
    for path in [path for path in (app.data_dir / "references").rglob("*") if sha256 in path.name]:
        path.unlink()
    studio.past()
    press(studio, "Remix")
    expect(studio.page.locator(".notices")).to_contain_text("but for a reference image that is no longer on the server")
    expect(studio.page.locator(".reference")).to_have_count(0)


def test_a_set_is_downloaded_from_the_history(studio):
    studio.run()
    studio.past()
    with studio.page.expect_download() as started:
        press(studio, "ZIP")
    with zipfile.ZipFile(io.BytesIO(started.value.path().read_bytes())) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".jpg")]) == 4


def test_the_ledger_is_downloaded_as_csv(studio):
    studio.run()
    studio.past()
    expect(studio.page.locator(".history-sums")).to_contain_text("Nothing was charged so far")
    (line,) = _ledger(studio)
    assert (line["platform"], line["status"], line["images_returned"], line["charged_usd"]) == ("sketch", "completed", "4", "0")


def test_more_than_a_page_comes_with_a_press(studio):
    studio.fresh("A red kettle", count=1)
    studio.page.wait_for_function("localStorage.getItem('studio.draft.v1')")
    draft = studio.page.evaluate("JSON.parse(localStorage.getItem('studio.draft.v1'))") | {"count": 1, "references": []}
    for number in range(26):
        assert "run" in studio.ask("start_run", draft=draft | {"prompt": f"kettle {number}"}, press=f"{number:032}")
    expect(studio.past()).to_have_count(24)
    studio.page.get_by_role("button", name="Show more").click()
    expect(studio.page.locator(".entry")).to_have_count(26)
    expect(studio.page.get_by_role("button", name="Show more")).to_have_count(0)


# ------------------------------------------------------------------------------------------------------- recovery code
def test_the_recovery_code_carries_the_sets_to_another_browser(studio, make_studio):
    studio.run()
    code = studio.code()
    other = make_studio()
    other_tab = make_studio(context=other.page.context)
    other.code()
    box = other.page.get_by_label("Use a recovery code")
    box.fill("not a code")
    box.press("Enter")
    expect(other.page.locator(".recovery")).to_contain_text("That is no recovery code")
    box.fill("-".join(code.upper().split()))
    box.press("Enter")
    expect(other.page.locator(".entry")).to_have_count(1)
    expect(other.page.locator(".notices")).to_contain_text("This browser now has the sets of that code: 1.")
    other.stage()
    expect(other.pictures).to_have_count(4)
    expect(other_tab.pictures).to_have_count(4)
    other.open()
    expect(other.pictures).to_have_count(4)


def test_a_browser_that_keeps_nothing_shows_the_code_before_a_paid_press(browser, make_studio):
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError') } })"
    )
    studio = make_studio(context=context)
    expect(studio.page.locator(".notices")).to_contain_text("This browser keeps no data for this page")
    expect(studio.page.locator(".keep-code")).to_have_count(0)
    studio.choose("platform", "WaveSpeedAI")
    expect(studio.page.locator(".keep-code")).to_contain_text("Copy this recovery code before you pay")
    code = studio.page.locator(".keep-code code").inner_text()
    assert "".join(code.split()) == studio.door[1]["data"]["visitor"]
    studio.accessible("a browser that keeps nothing")


def _ledger(studio: Studio) -> list[dict[str, str]]:
    studio.past()
    with studio.page.expect_download() as started:
        studio.page.get_by_role("button", name="Ledger, CSV").click()
    assert started.value.suggested_filename.startswith("ledger 20")
    return list(csv.DictReader(io.StringIO(started.value.path().read_text("utf-8-sig"))))


def _starting(text: str) -> re.Pattern[str]:
    return re.compile("^" + re.escape(text))
