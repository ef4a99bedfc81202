"""Starts one server to be measured: the app, the app with a stand-in for its renderer, or a bare Gradio page.

Data folder and port come from the environment, as for the app itself. Nothing is imported before the kind is known, so that
the bare page pays for nothing of ours.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

__all__ = ["StandIn", "picture"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("app", "standin", "bare"))
    parser.add_argument("--no-mcp", action="store_true")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long the stand-in takes for a set")
    parser.add_argument("--side", type=int, default=256, help="width and height of its pictures")
    parser.add_argument("--noise", action="store_true", help="fine texture in them")
    chosen = parser.parse_args()
    if chosen.kind == "bare":
        serve_bare(mcp=not chosen.no_mcp)
    else:
        standin = StandIn(chosen.seconds, picture(chosen.side, chosen.noise)) if chosen.kind == "standin" else None
        serve_app(standin, mcp=not chosen.no_mcp)


def serve_bare(mcp: bool) -> None:
    """The least that Gradio can be: the yardstick."""
    import gradio as gr

    with gr.Blocks() as demo:
        gr.Textbox()
    demo.launch(mcp_server=mcp, ssr_mode=False, quiet=True)


def serve_app(standin: "StandIn | None", mcp: bool) -> None:
    if standin:
        from seedream_ui.platforms import PLATFORMS

        PLATFORMS["sketch"] = standin
    from seedream_ui.ui import build_app, launch

    launch(build_app(), mcp_server=mcp, quiet=True)


@dataclass(frozen=True)
class StandIn:
    """A platform that thinks for a while, uses no CPU meanwhile, and then has all pictures at once."""

    seconds: float
    data: bytes

    async def make(self, job: Any) -> AsyncIterator[Any]:
        from seedream_ui.platforms.base import Picture

        await asyncio.sleep(self.seconds)
        for index in range(job.request.count):
            yield Picture(index, self.data)


def picture(side: int, noise: bool = False) -> bytes:
    """A JPEG of soft clouds; with `noise` of fine texture too, harder on a thumbnail than most photographs."""
    from io import BytesIO

    import numpy as np
    from PIL import Image

    chance = np.random.default_rng(0)

    def cloud(cells: int) -> Image.Image:
        small = Image.fromarray(chance.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
        return small.resize((side, side), Image.Resampling.BICUBIC)

    image = Image.blend(cloud(5), cloud(max(side // 6, 2)), 0.35 if noise else 0.0)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
