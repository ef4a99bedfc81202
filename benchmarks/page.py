"""The page in a headless Chromium: time to use, bytes of a large set, frames on a change of count, a set from press to picture.

Run as `python benchmarks/page.py`. Times are taken inside the page, from the press to the painted frame.
"""

import os
import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from common import Row, megabytes, report, serving
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

VIEW = {"width": 1440, "height": 900}
LOADS, PRESSES, SETS = 5, 10, 3
SET_SECONDS = 240
LARGE_SET = """localStorage.setItem("studio.draft.v1", JSON.stringify(
  {count: 15, size: {kind: "tier", tier: "4K", aspect_ratio: "1:1"}}))"""

READY = """
  const ready = () => {
    if (window.readyAt === undefined && document.querySelector("#generate:not([disabled])")) window.readyAt = performance.now();
  };
  new MutationObserver(ready).observe(document, {subtree: true, childList: true, attributes: true});
"""
"""Runs before the page's own code: notes when the button can be pressed, in ms since the navigation."""

PRESS_PLUS = """async () => {
  const frames = () => document.querySelectorAll(".frames > .frame").length;
  const label = () => document.querySelector("#generate").textContent;
  const until = reached => new Promise(resolve => {
    const look = () => reached() && (observer.disconnect(), requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const observer = new MutationObserver(look);
    observer.observe(document.body, {subtree: true, childList: true, characterData: true});
  });
  const [before, said, start] = [frames(), label(), performance.now()];
  const shown = until(() => frames() === before + 1).then(() => performance.now() - start);
  const priced = until(() => label() !== said).then(() => performance.now() - start);
  document.querySelector(".stepper button:last-of-type").click();
  return [await shown, await priced];
}"""
"""→ ms from the press to the painted frames, and to the button's new words, which come from the server."""

PRESS_GENERATE = """async ([count, patience]) => {
  const loaded = () => [...document.querySelectorAll(".frames .picture img")].filter(i => i.complete && i.naturalWidth).length;
  const start = performance.now();
  document.querySelector("#generate").click();
  for (let first; ; await new Promise(resolve => setTimeout(resolve, 20))) {
    const now = performance.now() - start;
    if (loaded()) first ??= now;
    if (loaded() >= count) return [first, now];
    if (now > patience) throw new Error(`${loaded()} of ${count} pictures after ${now} ms`);
  }
}"""
"""→ ms from the press to the first picture and to all of them, decoded."""


@dataclass
class Traffic:
    """Bytes as they came over the wire, heads included; pictures apart."""

    requests: int = 0
    pictures: float = 0
    rest: float = 0
    _kinds: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Page) -> "Traffic":
        traffic, session = cls(), page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", traffic.sent)
        session.on("Network.loadingFinished", traffic.finished)
        session.send("Network.enable")
        return traffic

    def sent(self, event: dict[str, Any]) -> None:
        self.requests += 1
        self._kinds[event["requestId"]] = event.get("type", "")

    def finished(self, event: dict[str, Any]) -> None:
        if self._kinds.get(event["requestId"]) == "Image":
            self.pictures += event["encodedDataLength"]
        else:
            self.rest += event["encodedDataLength"]

    @property
    def total(self) -> float:
        return self.pictures + self.rest


def main() -> int:
    with chromium() as browser:
        rows: list[Row] = []
        with serving("app") as server:
            rows += _loads(browser, server.url) + _counts(browser, server.url) + _sets(browser, server.url)
            rows += _large_set(browser, server.url, "drawn by the renderer")
        with serving("standin", "--seconds", "1", "--side", "4096", "--noise") as server:
            rows += _large_set(browser, server.url, "full of noise, the worst case")
    return report("The page in a browser", rows)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = os.environ.get("SEEDREAM_TEST_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visitor(browser: Browser, script: str = "") -> Iterator[BrowserContext]:
    """Somebody who was never here: empty cache, empty storage."""
    context = browser.new_context(viewport=VIEW)
    context.add_init_script(READY + script)
    yield context
    context.close()


def opened(context: BrowserContext, url: str) -> tuple[Page, Traffic, float]:
    """The page once it can be used, its traffic, and the seconds that took."""
    page = context.new_page()
    traffic = Traffic.of(page)
    page.goto(url)
    page.wait_for_function("window.readyAt !== undefined")
    seconds = page.evaluate("window.readyAt") / 1000
    page.wait_for_load_state("networkidle")
    return page, traffic, seconds


def _loads(browser: Browser, url: str) -> list[Row]:
    cold, warm = [], []
    for _ in range(LOADS):
        with visitor(browser) as context:
            for found in (cold, warm):
                page, traffic, seconds = opened(context, url)
                found.append((seconds, traffic.total, traffic.requests))
                page.close()
    return [*_load("first visit", cold), *_load("second visit", warm)]


def _load(name: str, found: list[tuple[float, float, int]]) -> list[Row]:
    seconds, size, requests = (statistics.median(column) for column in zip(*found, strict=True))
    note = f"median of {len(found)}; {megabytes(size):.2f} MB in {requests:.0f} requests"
    return [Row(f"Until the button can be pressed, {name}", seconds, "s", None, note)]


def _counts(browser: Browser, url: str) -> list[Row]:
    with visitor(browser) as context:
        page, _, _ = opened(context, url)
        found = []
        for _ in range(PRESSES):
            found.append(page.evaluate(PRESS_PLUS))
            page.wait_for_timeout(200)
    shown, priced = zip(*found, strict=True)
    name, note = "Press of + until its", f"median of {PRESSES}, slowest"
    return [
        Row(f"{name} new frame is painted", statistics.median(shown), "ms", 250, f"{note} {max(shown):.0f} ms"),
        Row(f"{name} price is on the button", statistics.median(priced), "ms", None, f"{note} {max(priced):.0f} ms"),
    ]


def _sets(browser: Browser, url: str) -> list[Row]:
    found = []
    for _ in range(SETS):
        with visitor(browser) as context:
            page, _, _ = opened(context, url)
            found.append(_made(page, page.locator(".frames > .frame").count()))
    first, all_of_them = (statistics.median(column) / 1000 for column in zip(*found, strict=True))
    name, note = "Example, from the press", f"median of {SETS}"
    return [Row(f"{name} to the first image", first, "s", None, note), Row(f"{name} to all images", all_of_them, "s", None, note)]


def _large_set(browser: Browser, url: str, kind: str) -> list[Row]:
    with visitor(browser, LARGE_SET) as context:
        page, traffic, _ = opened(context, url)
        before, requests, pictures = traffic.total, traffic.requests, traffic.pictures
        first, seconds = (found / 1000 for found in _made(page, 15))
        page.wait_for_load_state("networkidle")
    size = megabytes(traffic.total - before)
    note = f"{megabytes(traffic.pictures - pictures):.2f} MB of it pictures, {traffic.requests - requests} requests"
    note += f"; first image after {first:.1f} s, all after {seconds:.1f} s"
    return [Row(f"15 × 4K, {kind}", size, "MB", 1.5, note)]


def _made(page: Page, count: int) -> tuple[float, float]:
    first, every = page.evaluate(PRESS_GENERATE, [count, SET_SECONDS * 1000])
    return first, every


if __name__ == "__main__":
    sys.exit(main())
