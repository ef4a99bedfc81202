"""WaveSpeedAI's emulator as a process of its own, with files as heavy and as far away as real ones. Prints its address."""

import argparse
import secrets
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from serve import picture

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.emulators.faults import Delay, Fault
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script

__all__ = ["Files", "key"]

MOST = 15
GOLDEN = 0.618034
"""Multiples of it, their whole part left out, are spread evenly however many there are."""


def key(number: int) -> str:
    """The key of an account: each session has its own."""
    return f"ws-benchmark-key-{number:04}"


class Files(Mapping[int, bytes]):
    """One JPEG for every image of a job; a comment in its head tells them apart, so that no cache takes two for one."""

    def __init__(self, jpeg: bytes) -> None:
        self._jpeg, self._job = jpeg, secrets.token_hex(8)

    def __getitem__(self, index: int) -> bytes:
        comment = f"{self._job}/{index:02}".encode()
        return b"".join((self._jpeg[:2], b"\xff\xfe", (len(comment) + 2).to_bytes(2), comment, self._jpeg[2:]))

    def __iter__(self) -> Iterator[int]:
        return iter(range(MOST))

    def __len__(self) -> int:
        return MOST


class Platform(WaveSpeed):
    """Jobs take `seconds` and a share of `jitter` more, the same for each `alike` in a row."""

    def __init__(self, given: argparse.Namespace) -> None:
        super().__init__()
        self._given, self._taken = given, 0
        self._jpeg = picture(given.side, noise=True) if given.side else b""
        for number in range(given.keys):
            self.account(key(number), balance="1000")
        if given.first_byte:
            self.faults.push(Fault("output", Delay(given.first_byte), times=None))

    def keys(self) -> list[str]:
        """None to be masked in the journal: with hundreds of accounts that would be most of its work."""
        return []

    def next_script(self) -> Script:
        share = ((self._taken // self._given.alike + 0.5) * GOLDEN) % 1
        self._taken += 1
        files = Files(self._jpeg) if self._jpeg else {}
        return Script(duration=self._given.seconds + self._given.jitter * share, pictures=files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=0, help="width and height of the heavy JPEG; 0: the emulator's own, light")
    parser.add_argument("--first-byte", type=float, default=0.0, help="seconds to the first byte of each image")
    parser.add_argument("--keys", type=int, default=1, help="how many accounts there are")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a job takes")
    parser.add_argument("--jitter", type=float, default=0.0)
    parser.add_argument("--alike", type=int, default=1)
    with Platform(parser.parse_args()) as platform:
        print(platform.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
