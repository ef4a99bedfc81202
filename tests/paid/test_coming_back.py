"""Coming back to a set: after a stop that came too late, and after the server was killed and started again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.conftest import App, started_app
from tests.e2e.conftest import Studio, browser, make_studio, photo  # noqa: F401
from tests.emulators.wavespeed import WaveSpeed
from tests.paid.test_paid_page import give

pytestmark = pytest.mark.browser

WAITS = "it keeps no keys"


@pytest.fixture(scope="module")
def operator_key() -> str:
    return "ws-operator-coming-back"


@pytest.fixture(scope="module", params=["visitors"])
def app(platform: WaveSpeed, operator_key: str, request: pytest.FixtureRequest) -> Iterator[App]:
    """One for all tests here; some of them have an operator who pays."""
    environment = {"WAVESPEED_BASE_URL": platform.url}
    if request.param == "operator":
        platform.account(operator_key, balance="100")
        environment["WAVESPEED_API_KEY"] = operator_key
    with started_app(**environment) as running:
        yield running


@pytest.fixture
def studio(make_studio, wavespeed) -> Studio:  # noqa: F811
    return make_studio()


def choose_paid(studio: Studio) -> None:
    studio.fresh("a red kettle", count=3)
    studio.choose("platform", "WaveSpeedAI")


def begin(studio: Studio, wavespeed: WaveSpeed) -> None:
    """Presses, and waits until the job is at the platform."""
    before = len(wavespeed.jobs)
    expect(studio.make).to_have_text("Make 3 images · $0.081")
    expect(studio.make).to_be_enabled(timeout=10_000)
    studio.make.click()
    wavespeed.wait_for_jobs(before + 1)
    expect(studio.make).to_contain_text("Making image 1 of 3")


def whole(studio: Studio) -> None:
    expect(studio.pictures).to_have_count(3, timeout=60_000)
    expect(studio.status).to_contain_text("$0.081 charged by the platform’s word", timeout=20_000)


def restarted(app: App, studio: Studio) -> None:
    app.kill()
    studio.page.wait_for_timeout(700)  # the page has seen that nobody answers
    assert app.start(), app.log
    studio.forgive("Failed to load resource", "ERR_CONNECTION", "net::")


def settled(studio: Studio) -> None:
    studio.forgive("Failed to load resource", "ERR_CONNECTION", "net::", "ERR_INCOMPLETE")


def test_a_stopped_paid_set_leaves_the_page_free_and_arrives_in_the_history(studio, key, wavespeed):
    choose_paid(studio)
    give(studio, key)
    done = wavespeed.hold()
    begin(studio, wavespeed)
    studio.page.get_by_role("button", name="Stop").click()
    expect(studio.status).to_contain_text(
        "Stop was asked. WaveSpeedAI has no way to cancel: it is already paid, will finish", timeout=10_000
    )
    expect(studio.make).to_be_enabled()
    studio.past()
    expect(studio.page.locator(".entry").first).to_contain_text("Stop was asked")
    expect(studio.page.locator(".history-sums")).to_contain_text("$0.081 not settled yet")
    done.set()
    expect(studio.page.locator(".entry").first).to_contain_text("Done", timeout=30_000)
    expect(studio.page.locator(".history-sums")).to_contain_text("Charged: $0.081 today · $0.081 in all")
    expect(studio.page.locator(".entry img")).to_have_count(3)
    studio.stage()
    whole(studio)


def test_a_set_of_previews_goes_on_after_the_server_was_killed(studio, app):
    studio.fresh("A lighthouse through the day", count=15)
    studio.choose("tier", "3K")
    studio.make.click()
    expect(studio.pictures.first).to_be_visible(timeout=30_000)
    restarted(app, studio)
    expect(studio.pictures).to_have_count(15, timeout=90_000)
    expect(studio.status).to_contain_text("15 images in")
    settled(studio)


def test_after_a_restart_a_set_waits_for_its_key_which_is_given_on_the_stage(studio, app, key, wavespeed):
    choose_paid(studio)
    give(studio, key)
    done = wavespeed.hold()
    begin(studio, wavespeed)
    restarted(app, studio)
    expect(studio.status).to_contain_text(WAITS, timeout=30_000)
    studio.accessible("a set that waits for its key")
    studio.choose("platform", "Sketch")
    expect(studio.make).to_be_enabled()  # the page is free meanwhile
    done.set()
    box = studio.page.locator(".key-again").get_by_label("Your WaveSpeedAI key")
    box.fill("wrong")
    studio.page.get_by_role("button", name="Use this key").click()
    expect(studio.page.locator(".key-again")).to_contain_text("does not accept this key")
    box.fill(key)
    studio.page.get_by_role("button", name="Use this key").click()
    studio.page.locator(".take").first.click()
    whole(studio)
    assert studio.page.locator("input[name=platform]:checked + span").inner_text() == "Sketch"
    settled(studio)


def test_another_key_of_the_account_goes_on_with_a_second_press(studio, app, key, wavespeed):
    choose_paid(studio)
    give(studio, key)
    done = wavespeed.hold()
    begin(studio, wavespeed)
    restarted(app, studio)
    done.set()
    expect(studio.status).to_contain_text(WAITS, timeout=30_000)
    other = f"{key}-second"
    wavespeed.accounts[other] = wavespeed.accounts[key]
    again = studio.page.locator(".key-again")
    again.get_by_label("Your WaveSpeedAI key").fill(other)
    again.get_by_role("button", name="Use this key").click()
    expect(again).to_contain_text("not the one this set was started with")
    again.get_by_role("button", name="Go on with this key").click()
    whole(studio)
    settled(studio)


def test_a_remembered_key_is_given_by_itself(studio, make_studio, app, key, wavespeed):  # noqa: F811
    choose_paid(studio)
    give(studio, key, remember=True)
    done = wavespeed.hold()
    begin(studio, wavespeed)
    studio.page.close()
    app.kill()
    app.start()
    done.set()
    again = make_studio(context=studio.page.context)
    whole(again)
    settled(studio)


def test_a_page_that_stays_open_gives_the_remembered_key_after_the_restart(studio, app, key, wavespeed):
    choose_paid(studio)
    give(studio, key, remember=True)
    done = wavespeed.hold()
    begin(studio, wavespeed)
    restarted(app, studio)
    done.set()
    whole(studio)
    settled(studio)


@pytest.mark.parametrize("app", ["operator"], indirect=True)
def test_on_the_operators_key_a_set_goes_on_by_itself(studio, app, wavespeed):
    choose_paid(studio)
    done = wavespeed.hold()
    begin(studio, wavespeed)
    restarted(app, studio)
    expect(studio.status).to_contain_text(re.compile("Making image|WaveSpeedAI"), timeout=30_000)
    done.set()
    whole(studio)
    assert studio.page.locator(".key-again").count() == 0
    settled(studio)
