"""Measures the built-in renderer on two threads: seconds for whole sets, encoded, and peak memory.

Run as `python benchmarks/renderer.py`. The targets are 4 × 2K in 3 s, 15 × 2K in 12 s, 4 × 4K in 12 s, 700 MB.
"""

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from common import ROOT, Row, report
from PIL import Image

sys.path.insert(0, str(ROOT))

from seedream_ui.platforms.sketch import Brief, encode, render

EXAMPLES = ROOT / "seedream_ui" / "examples"
COLOURWAYS = ("classic white with black", "navy with gold", "matte red with a white outsole", "forest green with a gum sole")
SCENES = ("at a noodle stall in the rain", "across the rooftops", "on the train home", "in the forest at dawn", "")

SETS = (("4 × 2K", 2048, 4, 3.0), ("15 × 2K", 2048, 15, 12.0), ("4 × 4K", 4096, 4, 12.0))
"""Name, side, images, and the seconds they may take."""


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


def main() -> int:
    rows = [_row(*one, photo, sequence) for one in SETS for photo in (True, False) for sequence in (True, False)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return report("The built-in renderer on two threads", [*rows, Row("Peak memory of the process", peak, "MB", 700)])


def _row(title: str, side: int, count: int, target: float, photo: bool, sequence: bool) -> Row:
    took, worked = seconds(brief(side, count, sequence, photo))
    kind = f"{'photo' if photo else 'words'}, Seq {'on' if sequence else 'off'}"
    return Row(f"{title}, {kind}", took, "s", target, f"{worked:.2f} s of processor")


if __name__ == "__main__":
    sys.exit(main())
