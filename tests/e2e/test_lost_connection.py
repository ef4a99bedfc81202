"""When the server cannot be reached: it is said, nothing typed is lost, and the page goes on by itself."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_what_is_typed_while_the_connection_is_lost_is_kept(studio):
    studio.page.context.set_offline(True)
    studio.prompt("Typed while offline")
    expect(studio.page.locator(".notices")).to_contain_text("The connection to the server is lost.", timeout=10_000)
    studio.make.click()
    studio.page.context.set_offline(False)
    expect(studio.page.locator(".notices")).not_to_contain_text("The connection to the server is lost.", timeout=20_000)
    expect(studio.page.locator("#prompt")).to_have_value("Typed while offline")
    expect(studio.page.locator("#sent")).to_have_value(_holding("Typed while offline"), timeout=10_000)
    _forgive(studio)


def test_lines_that_were_pasted_wait_for_the_connection(studio):
    studio.page.get_by_role("button", name="Paste lines").click()
    box = studio.page.get_by_label("One line per panel, numbered or not")
    box.fill("dawn\nnoon")
    studio.page.context.set_offline(True)
    studio.page.get_by_role("button", name="Fill the panels").click()
    expect(studio.page.locator(".notices")).to_contain_text("The connection to the server is lost.", timeout=10_000)
    expect(box).to_have_value("dawn\nnoon")
    studio.page.context.set_offline(False)
    expect(studio.panel(2)).to_have_value("noon", timeout=20_000)
    expect(box).to_have_count(0)
    _forgive(studio)


def test_a_run_goes_on_without_its_page_and_is_found_again(studio):
    studio.fresh("A lighthouse that nobody watches", count=8)
    studio.make.click()
    expect(studio.page.locator(".frame.making").first).to_be_visible(timeout=10_000)
    studio.page.context.set_offline(True)
    studio.page.wait_for_timeout(1500)
    studio.page.context.set_offline(False)
    expect(studio.pictures).to_have_count(8, timeout=60_000)
    _forgive(studio)


@pytest.mark.parametrize(("stored", "prompt"), [('{"prompt": "only this"}', "only this"), ("not json", "Show the shoe")])
def test_a_draft_of_another_version_or_a_broken_one_opens(browser, make_studio, stored, prompt):
    context = browser.new_context()
    context.add_init_script(f"localStorage.setItem('studio.draft.v1', {stored!r})")
    studio = make_studio(context=context)
    expect(studio.page.locator("#prompt")).to_have_value(_holding(prompt))
    expect(studio.frames).to_have_count(4)


def _holding(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


def _forgive(studio) -> None:
    """The browser itself reports requests that failed while it was offline."""
    studio.errors[:] = [text for text in studio.errors if "ERR_INTERNET_DISCONNECTED" not in text]
