"""Measures the built-in renderer on two threads: seconds for whole sets, encoded, and peak memory.

Run as `python benchmarks/renderer.py`. The targets are 4 × 2K in 3 s, 15 × 2K in 12 s, 4 × 4K in 12 s, 700 MB.
"""

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from seedream_ui.platforms.sketch import Brief, encode, render

EXAMPLES = Path(__file__).parents[1] / "seedream_ui" / "examples"
COLOURWAYS = ("classic white with black", "navy with gold", "matte red with a white outsole", "forest green with a gum sole")
SCENES = ("at a noodle stall in the rain", "across the rooftops", "on the train home", "in the forest at dawn", "")


def brief(side: int, count: int, sequence: bool, photo: bool) -> Brief:
    words = COLOURWAYS if photo else SCENES
    panels = tuple(words[k % len(words)] for k in range(count))
    references = (Image.open(EXAMPLES / "shoe.jpg").convert("RGB"),) if photo else ()
    context = "The same shoe in four colourways" if photo else "A character's life in a cyberpunk city"
    return Brief(context, panels, sequence, 7, (side, side), references)


def seconds(job: Brief) -> tuple[float, float]:
    """Wall-clock and processor time to render and encode the set, two pictures at once."""
    start, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda index: len(encode(render(job, index), job, index)), range(len(job.panels))))
    return time.perf_counter() - start, time.process_time() - worked


def main() -> None:
    for title, side, count, target in (("4 × 2K", 2048, 4, 3.0), ("15 × 2K", 2048, 15, 12.0), ("4 × 4K", 4096, 4, 12.0)):
        for photo in (True, False):
            for sequence in (True, False):
                took, worked = seconds(brief(side, count, sequence, photo))
                kind = f"{'photo' if photo else 'words'}, Seq {'on' if sequence else 'off'}"
                verdict = f"target {target:.0f} s   {'ok' if took <= target else 'MISSED'}"
                print(f"{title:8} {kind:15} {took:5.2f} s ({worked:5.2f} s of processor)   {verdict}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process {peak:.0f} MB   target 700 MB   {'ok' if peak <= 700 else 'MISSED'}")


if __name__ == "__main__":
    main()
