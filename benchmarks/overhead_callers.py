"""Many sessions at once, each with a key of its own: `python benchmarks/overhead_callers.py {ours,yardstick} URL CALLERS`.

A process of its own; prints a `Loaded` as JSON.
"""

import argparse
import asyncio
import json
import time
from dataclasses import asdict
from typing import Any

import httpx
from client import Loaded, completed, people, together
from overhead_platform import key

__all__ = ["ours", "parallel", "yardstick"]

COUNT = 4
CONNECTIONS = 6
"""What a browser opens to one host."""
SIZES = {"2K": "2048*2048", "4K": "4096*4096"}


async def ours(client: httpx.AsyncClient, number: int, size: str = "2K", count: int = COUNT) -> list[str]:
    """A set of this app over plain HTTP: the addresses of its originals."""
    body = {"prompt": f"A lighthouse, view {number}", "count": count, "size": size, "platform": "wavespeed"}
    called = await client.post("gradio_api/call/v2/generate", json=body, headers={"x-platform-key": key(number)})
    images, record = completed(await _stream(client, "generate", called))
    if len(images) != count or record["status"] != "completed":
        raise ValueError(f"{len(images)} images, {record['status']}")
    return [image["url"] for image in images]


async def yardstick(client: httpx.AsyncClient, number: int, size: str = "2K", count: int = COUNT, keep: bool = True) -> list[str]:
    """The same of the yardstick app; without `keep` the addresses are the platform's own."""
    called = await client.post("gradio_api/call/make", json={"data": [key(number), "A lighthouse", SIZES[size], count, keep]})
    (images,) = completed(await _stream(client, "make", called))
    if len(images) != count:
        raise ValueError(f"{len(images)} images")
    return [image["image"]["url"] for image in images]


async def _stream(client: httpx.AsyncClient, name: str, called: httpx.Response) -> str:
    called.raise_for_status()
    return (await client.get(f"gradio_api/call/{name}/{called.json()['event_id']}")).text


async def parallel(client: httpx.AsyncClient, urls: list[str]) -> int:
    """Downloads all as a browser would; gives the bytes."""
    turns = asyncio.Semaphore(CONNECTIONS)

    async def fetched(url: str) -> int:
        async with turns:
            return len((await client.get(url)).raise_for_status().content)

    return sum(await asyncio.gather(*(fetched(url) for url in urls)))


async def sessions(kind: str, url: str, callers: int) -> Loaded:
    async with people(url, callers) as clients:
        call: Any = {"ours": ours, "yardstick": yardstick}[kind]

        async def timed(number: int) -> list[float]:
            started = time.perf_counter()
            await call(clients[number], number)
            return [time.perf_counter() - started]

        return await together(callers, timed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("ours", "yardstick"))
    parser.add_argument("url")
    parser.add_argument("callers", type=int)
    given = parser.parse_args()
    print(json.dumps(asdict(asyncio.run(sessions(given.kind, given.url, given.callers)))))


if __name__ == "__main__":
    main()
