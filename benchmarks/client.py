"""Many callers at once, in a process of their own: `python benchmarks/client.py {generate,typing,following} URL CALLERS`.

Prints a `Loaded` as JSON. Each caller makes few calls, and there is a deadline on everything.
"""

import argparse
import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx

__all__ = ["Loaded", "completed", "page_draft", "people"]

DEADLINE = 90.0
COUNT = 4
PACE = 0.3
"""Seconds from one keystroke to the next."""
KEYSTROKES = 30


@dataclass
class Loaded:
    """Seconds of each call that went well, and what went wrong with the others; `wall` is from the first call to the last."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wall: float = 0.0


@dataclass
class Page:
    """A page as the server sees it: the composer's server functions, called under a session of its own."""

    client: httpx.AsyncClient
    composer: int
    draft: dict[str, Any]
    session: str = field(default_factory=lambda: secrets.token_hex(6))

    async def ask(self, name: str, **message: Any) -> dict[str, Any]:
        body = {"data": message, "component_id": self.composer, "fn_name": name, "session_hash": self.session}
        answer = await self.client.post("gradio_api/component_server/", json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        if "error" in found and "kind" in found:
            raise ValueError(found["error"])
        return found


async def generate(client: httpx.AsyncClient, number: int) -> list[float]:
    """One set over plain HTTP: the call, then its event stream to the end."""
    started = time.perf_counter()
    body = {"prompt": f"A lighthouse, view {number}", "count": COUNT, "size": "2K"}
    called = await client.post("gradio_api/call/v2/generate", json=body)
    called.raise_for_status()
    stream = await client.get(f"gradio_api/call/generate/{called.json()['event_id']}")
    images, record = completed(stream.text)
    if len(images) != COUNT or record["status"] != "completed":
        raise ValueError(f"{len(images)} images, {record['status']}")
    return [time.perf_counter() - started]


async def typing(page: Page, number: int) -> list[float]:
    """One person typing: a question for each keystroke, but as on the page never two at once."""
    await asyncio.sleep(PACE * (number % 60) / 60)
    draft, found, due = page.draft, [], time.perf_counter()
    for stroke in range(KEYSTROKES):
        started = time.perf_counter()
        view = await page.ask("describe_draft", draft=draft | {"prompt": draft["prompt"] + "." * stroke})
        found.append(time.perf_counter() - started)
        if "quote" not in view:
            raise ValueError("no quote")
        due = max(due + PACE, time.perf_counter())
        await asyncio.sleep(due - time.perf_counter())
    return found


async def following(page: Page, number: int) -> list[float]:
    """One person who presses the button and follows the run to its end."""
    started = time.perf_counter()
    run = (await page.ask("start_run", draft=page.draft | {"seed": number}, press=secrets.token_hex(16)))["run"]
    while run["running"]:
        run = (await page.ask("follow_run", run=run["id"], version=run["version"]))["run"]
    if run["status"] != "completed":
        raise ValueError(run["sentence"])
    return [time.perf_counter() - started]


def completed(stream: str) -> Any:
    """The outputs in the last event of a finished stream. Raises `ValueError` if it is not a completion."""
    event, _, data = stream.strip().split("\n\n")[-1].partition("\n")
    if event != "event: complete":
        raise ValueError(stream[-300:])
    return json.loads(data.removeprefix("data:"))


def page_draft(config: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The composer's component id, and the draft of a first visit as the page sends it: without thumbnails."""
    composer = next(found for found in config["components"] if found["props"].get("elem_id") == "composer")
    draft = dict(composer["props"]["props"]["boot"]["first"])
    draft["references"] = [{name: item[name] for name in item if name != "thumb"} for item in draft["references"]]
    return composer["id"], draft


async def together(callers: int, call: Callable[[int], Awaitable[list[float]]]) -> Loaded:
    """All callers at once."""
    loaded, started = Loaded(), time.perf_counter()

    async def caller(number: int) -> None:
        try:
            loaded.seconds += await asyncio.wait_for(call(number), DEADLINE)
        except Exception as error:
            loaded.errors.append(f"{type(error).__name__}: {error}"[:300])

    await asyncio.gather(*(caller(number) for number in range(callers)))
    loaded.wall = time.perf_counter() - started
    return loaded


@asynccontextmanager
async def people(url: str, callers: int) -> AsyncIterator[list[httpx.AsyncClient]]:
    """A client for each, as each has a browser: with one for all, httpx looks at every connection for every call."""
    # shorter than the 5 s after which the server closes an idle connection: else a call is now and then sent into a closing one
    limits = httpx.Limits(keepalive_expiry=2)
    async with AsyncExitStack() as stack:
        clients = [
            httpx.AsyncClient(base_url=url, timeout=DEADLINE, limits=limits, trust_env=False, verify=False)
            for _ in range(callers)
        ]
        yield [await stack.enter_async_context(client) for client in clients]


async def load(kind: str, url: str, callers: int) -> Loaded:
    async with people(url, callers) as clients:
        if kind == "generate":
            return await together(callers, lambda number: generate(clients[number], number))
        composer, draft = page_draft((await clients[0].get("config")).json())
        pages = [Page(client, composer, draft) for client in clients]
        call = typing if kind == "typing" else following
        return await together(callers, lambda number: call(pages[number], number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("generate", "typing", "following"))
    parser.add_argument("url")
    parser.add_argument("callers", type=int)
    chosen = parser.parse_args()
    print(json.dumps(asdict(asyncio.run(load(chosen.kind, chosen.url, chosen.callers)))))


if __name__ == "__main__":
    main()
