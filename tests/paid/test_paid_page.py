"""Real sets on the page: a key, a balance, a price, and what comes back whole, short, flagged or not at all."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import browser, make_studio, photo  # noqa: F401
from tests.emulators.faults import Answer, Fault, html
from tests.emulators.wavespeed_jobs import Script

pytestmark = pytest.mark.browser


@pytest.fixture
def app(paid_app):
    return paid_app


@pytest.fixture
def studio(make_studio, wavespeed):  # noqa: F811
    studio = make_studio()
    studio.fresh("a red kettle", count=4)
    studio.choose("platform", "WaveSpeedAI")
    expect(studio.page.locator(".bar")).to_contain_text("WaveSpeedAI needs a key")
    expect(studio.make).to_be_disabled()
    return studio


def give(studio, key: str, remember: bool = False) -> None:
    box = studio.page.get_by_label("Your WaveSpeedAI key")
    box.fill(key)
    if remember:
        studio.page.get_by_text("Remember in this browser").click()
        studio.page.get_by_role("button", name="Use this key").click()
    else:
        box.press("Enter")


def test_paste_a_key_see_balance_and_price_and_make_a_set(studio, key):
    give(studio, key)
    expect(studio.page.locator(".key")).to_contain_text(f"ending in {key[-4:]}")
    expect(studio.page.locator(".key")).to_contain_text("balance $100.00")
    expect(studio.page.locator(".bar")).to_contain_text("$0.108 by the platform’s own word")
    expect(studio.make).to_have_text("Make 4 images · $0.108")
    studio.run()
    expect(studio.status).to_contain_text("$0.108 charged by the platform’s word")
    studio.page.get_by_role("tab", name="Details").click()
    expect(studio.page.locator(".details")).to_contain_text("bytedance/seedream-v4/sequential")
    assert key not in studio.page.content()
    assert key not in studio.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_the_button_has_the_platforms_own_price_and_the_balance_follows_the_set(studio, key, wavespeed, monkeypatch):
    monkeypatch.setattr(wavespeed, "discount", Decimal("-0.5"))  # dearer than the catalogue says
    give(studio, key)
    expect(studio.make).to_have_text("Make 4 images · $0.162")
    studio.count(2)
    expect(studio.make).to_have_text("Make 2 images · $0.081")
    studio.run(2)
    expect(studio.page.locator(".key")).to_contain_text("balance $99.919")


def test_a_wrong_key_is_refused_beside_the_box_which_is_empty(studio, wavespeed):
    give(studio, "not-a-key")
    expect(studio.page.locator(".key")).to_contain_text("does not accept this key. Nothing was charged")
    expect(studio.page.get_by_label("Your WaveSpeedAI key")).to_have_value("")
    assert wavespeed.journal.count("upload_ticket", "submit") == 0
    studio.errors.clear()


def test_a_key_is_kept_through_a_reload_and_can_be_taken_back(studio, key):
    give(studio, key)
    expect(studio.page.locator(".key")).to_contain_text("ending in")
    studio.open()
    expect(studio.page.locator(".key")).to_contain_text("ending in")
    studio.page.get_by_role("button", name="Take it back").click()
    expect(studio.page.get_by_label("Your WaveSpeedAI key")).to_be_visible()
    expect(studio.make).to_be_disabled()


def test_another_visitor_has_no_use_of_the_key(studio, make_studio, key):  # noqa: F811
    give(studio, key)
    expect(studio.page.locator(".key")).to_contain_text("ending in")
    other = make_studio()
    other.choose("platform", "WaveSpeedAI")
    expect(other.page.locator(".bar")).to_contain_text("WaveSpeedAI needs a key")
    assert key[-4:] not in other.page.locator(".key").inner_text()


def test_remembering_is_a_choice_and_says_what_it_means(studio, key):
    expect(studio.page.locator(".key")).to_contain_text("Whoever can use this browser can read it then.")
    give(studio, key, remember=True)
    expect(studio.page.locator(".key")).to_contain_text("ending in")
    studio.page.evaluate("sessionStorage.clear()")
    studio.open()
    expect(studio.page.locator(".key")).to_contain_text("ending in", timeout=10_000)
    studio.page.get_by_role("button", name="Take it back").click()
    assert key not in studio.page.evaluate("JSON.stringify({...localStorage})")


def test_a_short_set_and_a_flagged_image_are_said_in_their_frames_and_in_numbers(studio, key, wavespeed):
    give(studio, key)
    expect(studio.make).to_be_enabled()
    wavespeed.script(Script(returned=3, flags=(False, True, False)))
    studio.make.click()
    expect(studio.pictures).to_have_count(3, timeout=30_000)
    expect(studio.status).to_contain_text("3 of 4 images came back; $0.108 charged for 4")
    expect(studio.page.locator(".flag")).to_have_text("Flagged by the platform")
    expect(studio.frames.last.locator(".blank")).to_contain_text("Did not come back")
    studio.accessible("a partial set")


def test_a_set_of_which_nothing_came_says_it_once_and_shortly_in_its_frames(studio, key, wavespeed):
    give(studio, key)
    wavespeed.script(Script(returned=0))
    expect(studio.make).to_be_enabled()
    studio.make.click()
    expect(studio.status).to_contain_text("0 of 4 images came back; $0.108 charged for 4", timeout=30_000)
    expect(studio.frames.first.locator(".blank")).to_contain_text("Did not come back")


def test_an_answer_that_is_lost_is_told_and_can_be_looked_for_again(studio, key, wavespeed):
    give(studio, key)
    expect(studio.make).to_be_enabled()
    wavespeed.faults.push(Fault("submit", html(502)))
    before = len(wavespeed.jobs)
    studio.make.click()
    expect(studio.page.locator(".status")).to_contain_text("unknown whether $0.108 was charged", timeout=30_000)
    expect(studio.make).to_be_enabled()  # the page is free for the next set
    expect(studio.page.get_by_role("button", name="Submit again")).to_be_visible()
    studio.accessible("an unknown run")
    assert len(wavespeed.jobs) == before


def test_a_refusal_of_the_platform_is_shown_as_plain_text(studio, key, wavespeed):
    give(studio, key)
    expect(studio.make).to_be_enabled()
    wavespeed.faults.push(Fault("submit", Answer(400, {"code": 400, "message": "<b>no</b> such <script>alert(1)</script> size"})))
    studio.make.click()
    expect(studio.status).to_contain_text(re.compile(r"no such .*size.* Nothing was charged"), timeout=20_000)
    expect(studio.page.locator(".status b")).to_have_count(0)
