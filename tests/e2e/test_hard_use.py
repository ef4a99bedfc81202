"""The page in the hands of strangers: damaged storage, two tabs, slow answers, odd numbers, names of downloads."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, Studio

pytestmark = pytest.mark.browser

DAMAGED = {
    "studio.draft.v1": [
        *("{", "5", "[]", '{"references":null}', '{"references":[null]}', '{"panels":null}', '{"size":null}'),
        *('{"count":1e9}', '{"options":null}', '{"__proto__":{"x":1}}', '{"prompt":7}'),
    ],
    "studio.visitor": ["", "5", "{}", "abc", "null", "../../etc/passwd", "g" * 32],
}


@pytest.mark.parametrize("key", DAMAGED)
def test_damaged_storage_is_passed_over(studio, key):
    for value in DAMAGED[key]:
        # a reload writes what is not saved yet: by now there is nothing
        studio.page.evaluate("([key, value]) => { sessionStorage.clear(); localStorage.setItem(key, value); }", [key, value])
        studio.open()
        expect(studio.make, value).to_be_enabled()
        expect(studio.frames, value).to_have_count(4)


@pytest.mark.parametrize("part", [{"seed": -1}, {"platform": "gone"}, {"model": "gone"}, {"prompt": "x" * 9000}])
def test_a_saved_form_that_is_refused_still_shows_what_mends_it(studio, part):
    studio.page.evaluate("part => { sessionStorage.clear(); localStorage.setItem('studio.draft.v1', part); }", json.dumps(part))
    studio.page.reload()
    expect(studio.make).to_be_disabled()
    expect(studio.page.locator(".bar-note .problem")).to_be_visible()
    expect(studio.page.locator("input[name=platform]")).to_have_count(2)
    expect(studio.page.locator("input[name=tier]")).to_have_count(3)


def test_two_tabs_keep_each_others_sets_and_their_own_text(make_studio):
    first = make_studio()
    second = make_studio(context=first.page.context)
    second.prompt("typed in the second tab")
    first.prompt("typed in the first tab")
    second.run()
    first.run()
    second.open()
    expect(second.page.locator(".take")).to_have_count(3)
    expect(second.page.locator("#prompt")).to_have_value("typed in the second tab")


def test_a_count_beyond_all_bounds_is_the_most_there_is(studio):
    for typed in ("99", "1e9"):
        box = studio.page.locator("#count")
        box.evaluate("(box, typed) => { box.value = typed; box.dispatchEvent(new Event('input')); }", typed)
        expect(studio.frames).to_have_count(15)
    studio.page.wait_for_function("JSON.parse(localStorage.getItem('studio.draft.v1'))?.panels.length === 15")


def test_a_press_that_overtakes_the_price_starts_nothing(studio):
    studio.page.route("**/component_server/**", lambda route: (studio.page.wait_for_timeout(1000), route.continue_()))
    more = studio.page.get_by_label("One image more")
    more.evaluate("more => { more.click(); document.querySelector('#generate').click(); }")
    expect(studio.page.locator(".notices")).to_contain_text("It now says “Make 5 images · free”", timeout=10_000)
    studio.page.unroute("**/component_server/**")
    expect(studio.page.locator(".take")).to_have_count(0)
    studio.run(5)


def test_downloads_carry_the_names_of_their_content(studio: Studio):
    studio.run()
    with studio.page.expect_download() as started:
        studio.page.get_by_label("Download image 2").click(force=True)
    assert started.value.suggested_filename == "02 Navy and gold.jpg"
    with studio.page.expect_download() as started:
        studio.page.get_by_role("button", name="PDF").click()
    assert started.value.suggested_filename.startswith("Show the shoe from image 1")


def test_an_error_stands_without_the_price(studio):
    studio.fresh("", count=2)
    expect(studio.page.locator(".bar-note")).to_contain_text("There is nothing to draw yet.")
    expect(studio.page.locator(".bar-note")).not_to_contain_text("Free")


def test_many_bad_files_are_all_named(studio):
    files = [{"name": f"{i}.png", "mimeType": "image/png", "buffer": b"no picture %d" % i} for i in range(7)]
    studio.page.locator("input[type=file]").set_input_files(files)
    for i in range(7):
        expect(studio.page.locator(".notices")).to_contain_text(f"“{i}.png”")


def test_the_chosen_set_is_in_sight_in_a_long_strip_and_the_page_opens_at_its_top(make_studio):
    studio = make_studio(PHONE)
    assert studio.page.evaluate("scrollY") == 0
    studio.fresh("A red kettle", count=1)
    for number in range(1, 5):
        studio.make.click()
        expect(studio.page.locator(".take")).to_have_count(number + 1)
        expect(studio.page.locator(".status.completed")).to_be_visible(timeout=20_000)
    expect(studio.page.locator(".take").nth(3)).to_be_in_viewport(ratio=0.9)
    studio.page.reload()
    expect(studio.page.locator(".take")).to_have_count(5)
    assert studio.page.evaluate("scrollY") < 200
