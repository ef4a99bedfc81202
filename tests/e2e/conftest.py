"""A real browser on the running app. Every test also fails on a console error and on a request to any other host."""

import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect, sync_playwright

from tests.conftest import App

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: while it is open, Playwright's event loop runs in this thread, and no test may start another."""
    path = os.environ.get("SEEDREAM_TEST_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Studio:
    """The page as a person uses it."""

    page: Page
    errors: list[str] = field(default_factory=list)
    door: tuple[str, dict[str, Any]] | None = None
    """Where and how the page last asked one of the server's functions."""

    @property
    def make(self):
        return self.page.locator("#generate")

    @property
    def pictures(self):
        return self.page.locator(".frame .picture img")

    @property
    def frames(self):
        return self.page.locator(".frames .frame")

    @property
    def status(self):
        return self.page.locator(".status")

    def open(self) -> None:
        self.page.reload() if self.page.url != "about:blank" else self.page.goto(self.url)
        expect(self.make).not_to_have_text("…", timeout=20_000)

    def run(self, count: int = 4) -> None:
        self.make.click()
        expect(self.pictures).to_have_count(count, timeout=60_000)
        expect(self.page.locator(".status.completed")).to_be_visible(timeout=20_000)

    def prompt(self, text: str) -> None:
        self.page.locator("#prompt").fill(text)

    def choose(self, group: str, words: str) -> None:
        """Presses one of the choices of a group, by the words it begins with."""
        label = self.page.locator(f"label:has(> input[name={group}])")
        label.filter(has_text=re.compile(f"^{re.escape(words)}")).first.click()

    def panel(self, number: int):
        return self.page.get_by_label(f"Panel {number}", exact=True)

    def count(self, number: int) -> None:
        box = self.page.locator("#count")
        box.fill(str(number))
        box.press("Enter")

    def fresh(self, prompt: str = "A red kettle on a table", panels: tuple[str, ...] = (), count: int = 4) -> None:
        """The form, emptied of the example."""
        for _ in range(self.page.locator(".reference").count()):
            self.page.locator(".reference-tools button").last.click(force=True)
        self.prompt(prompt)
        self.count(count)
        for number in range(1, count + 1):
            self.panel(number).fill(panels[number - 1] if number <= len(panels) else "")

    def past(self) -> Locator:
        """The entries of the history, which is opened."""
        self.page.get_by_role("button", name="History", exact=True).click()
        expect(self.page.locator(".history")).to_be_visible()
        return self.page.locator(".entry")

    def stage(self) -> None:
        self.page.get_by_role("button", name="Studio", exact=True).click()

    def code(self) -> str:
        """The recovery code, as the history shows it."""
        self.past()
        self.page.get_by_text("Recovery code", exact=True).click()
        return self.page.locator(".recovery code").inner_text()

    def ask(self, function: str, **message: Any) -> dict[str, Any]:
        """Calls a function of the server as the page would, in whatever way it was never meant to."""
        assert self.door
        url, body = self.door
        answer = self.page.request.post(url, data=body | {"fn_name": function, "data": body["data"] | message})
        return answer.json()

    def forgive(self, *parts: str) -> None:
        """The browser itself reports requests that failed."""
        self.errors[:] = [text for text in self.errors if not any(part in text for part in parts)]

    def _overheard(self, request: Request) -> None:
        if "component_server" in request.url and request.post_data:
            self.door = request.url, json.loads(request.post_data)

    def accessible(self, state: str) -> None:
        found = [item for item in Axe().run(self.page).response["violations"] if item["impact"] in SERIOUS]
        told = [(item["id"], [node["target"] for node in item["nodes"]][:4]) for item in found]
        assert not told, f"{state}: {told}"


@pytest.fixture
def make_studio(browser: Browser, app: App) -> Iterator:
    contexts: list[BrowserContext] = []
    studios: list[Studio] = []

    def make(viewport: dict[str, int] = DESK, context: BrowserContext | None = None, **options) -> Studio:
        if context is None:
            context = browser.new_context(viewport=viewport, reduced_motion="reduce", accept_downloads=True, **options)
            contexts.append(context)
        studio = Studio(context.new_page())
        studio.url = app.url
        studio.page.on("console", lambda message: studio.errors.append(message.text) if message.type == "error" else None)
        studio.page.on("pageerror", lambda error: studio.errors.append(str(error)))
        studio.page.on("request", lambda request: _stays_home(studio, request.url, app.url))
        studio.page.on("request", studio._overheard)
        studios.append(studio)
        studio.open()
        return studio

    yield make
    for context in contexts:
        context.close()
    for studio in studios:
        assert not studio.errors


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Iterator[BrowserContext]:
    """A window that has Gradio's own scripts in its cache: a page opens in half the time."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def visitor(shared: BrowserContext, app: App) -> Iterator[BrowserContext]:
    """A new visitor in the shared window, which keeps nothing of the last one."""
    page = shared.new_page()
    page.goto(f"{app.url}/gradio_api/startup-events")
    page.evaluate("localStorage.clear()")
    page.close()
    yield shared
    shared.set_offline(False)
    for page in shared.pages:
        page.close()


@pytest.fixture
def studio(make_studio, visitor: BrowserContext) -> Studio:
    return make_studio(context=visitor)


def _stays_home(studio: Studio, url: str, home: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob", "about") and parts.netloc != urlsplit(home).netloc:
        studio.errors.append(f"a request left the app: {parts.scheme}://{parts.netloc}")


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A photograph of a green mug on a plain wall, as far as numpy can take one: 1600 × 1200, with noise and a soft light."""
    rng = np.random.default_rng(7)
    yy, xx = np.mgrid[0:1200, 0:1600] / 1200
    wall = np.stack([226 - 30 * yy - 12 * xx, 221 - 28 * yy - 10 * xx, 212 - 24 * yy - 8 * xx], axis=-1)
    image = Image.fromarray(wall.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse((980, 480, 1260, 860), outline=(36, 118, 74), width=56)
    draw.rounded_rectangle((560, 380, 1060, 980), radius=70, fill=(40, 128, 80))
    draw.ellipse((560, 330, 1060, 450), fill=(24, 84, 52))
    noisy = np.asarray(image, dtype=np.float32) + rng.normal(0, 3, (1200, 1600, 3))
    out = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=92)
    return out.getvalue()
