"""Images, fetched from addresses that nobody vouches for."""

import asyncio
from urllib.parse import urljoin

import httpx

from seedream_ui.errors import DownloadFailed, DownloadRefused
from seedream_ui.imaging import formats, pictures
from seedream_ui.platforms.guard import NotPublic, suspect
from seedream_ui.platforms.http import IMAGE_BYTES, MEGABYTE, Line, TooLong, read_body
from seedream_ui.platforms.patience import patience

__all__ = ["picture", "whole_picture"]

IMAGE_PIXELS = 40_000_000
REDIRECTS = 5


async def picture(line: Line, url: str) -> bytes:
    """The image at an untrusted address, whole and decodable. Raises `DownloadFailed`, after a few tries."""
    tries = 0
    while True:
        tries += 1
        outcome = await _fetched(line, url)
        if isinstance(outcome, bytes):
            return outcome
        if (pause := patience(outcome, True, tries, line.clock)) is None:
            raise outcome
        await line.clock.sleep(pause)


async def _fetched(line: Line, url: str) -> bytes | DownloadFailed:
    try:
        async with await line.door.downloads(), asyncio.timeout(line.door.deadlines.download):
            data = await _followed(line, url)
    except DownloadFailed as error:
        return error
    except TooLong:
        return DownloadRefused(line.platform, f"it is larger than {IMAGE_BYTES // MEGABYTE} MB")
    except NotPublic:
        return DownloadRefused(line.platform, "its address is not one that can be trusted")
    except (TimeoutError, httpx.TimeoutException):
        return DownloadFailed(line.platform, "it took too long to come")
    except httpx.DecodingError:
        return DownloadFailed(line.platform, "it came packed, which was not asked for")
    except (httpx.HTTPError, httpx.StreamError, OSError):
        return DownloadFailed(line.platform, "the connection broke off")
    except (httpx.InvalidURL, ValueError):  # from `urljoin` and from names that no host can have
        return DownloadRefused(line.platform, "its address is not one that can be trusted")
    whole = await asyncio.to_thread(whole_picture, data)
    return data if whole else DownloadFailed(line.platform, "what came is no whole picture")


async def _followed(line: Line, url: str) -> bytes:
    """The body at the end of at most `REDIRECTS` redirects, each of them checked."""
    client = await line.door.client(guarded=True)
    limits = line.door.deadlines
    timeout = httpx.Timeout(limits.download_read, connect=limits.connect)
    for _ in range(REDIRECTS + 1):
        if suspect(url, line.door.trusted):
            raise DownloadRefused(line.platform, "its address is not one that can be trusted")
        async with client.stream("GET", url, timeout=timeout) as response:
            if response.is_redirect and "location" in response.headers:
                url = urljoin(url, response.headers["location"])
                continue
            if response.status_code != 200:
                raise DownloadFailed(line.platform, f"its address answers {response.status_code}")
            return await read_body(response, IMAGE_BYTES)
    raise DownloadRefused(line.platform, "its address leads in circles")


def whole_picture(data: bytes) -> bool:
    """Whether these bytes decode to the end as a picture of reasonable size. Takes some time: for a thread."""
    try:
        width, height, _ = formats.header(data)
        if width * height <= IMAGE_PIXELS:
            pictures.loaded(data, (64, 64))
            return True
    except Exception:  # noqa: S110 - decoders of hostile bytes raise whatever they like; each means no
        pass
    return False
