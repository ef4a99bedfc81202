"""Draws the example reference images that ship with the app: `python tools/draw_examples.py`."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from seedream_ui.platforms.sketch.brief import chance
from seedream_ui.platforms.sketch.bust import draw_bust
from seedream_ui.platforms.sketch.canvas import Pen, Radial, Surface, box_path, oval
from seedream_ui.platforms.sketch.colour import Lab, hexed, lift
from seedream_ui.platforms.sketch.direction import Light, lights
from seedream_ui.platforms.sketch.figure import POSES, draw_figure
from seedream_ui.platforms.sketch.indoors import room
from seedream_ui.platforms.sketch.look import Look
from seedream_ui.platforms.sketch.scenery import View
from seedream_ui.platforms.sketch.shoe import Colourway, draw_shoe
from seedream_ui.platforms.sketch.things import kettle

OUT = Path(__file__).parents[1] / "seedream_ui" / "examples"


def paper(pen: Pen, colour: Lab) -> None:
    """A plain background, a little lighter in the middle."""
    width, height = pen.size
    tones = (lift(colour, 0.02), lift(colour, -0.025))
    pen.fill(box_path(0, 0, width, height), paint=Radial((width / 2, height * 0.45), 0.9, tones))


def daylight(name: str = "clear") -> Light:
    return next(light for light in lights() if light.name == name)


def shoe(pen: Pen) -> None:
    width, height = pen.size
    paper(pen, hexed("#d9ccb4"))
    pen.fill(oval(width / 2, height * 0.80, 0.42, 0.018), paint=hexed("#6d6253"), alpha=0.55, blur=0.022)
    draw_shoe(pen.at(width / 2 - 0.42, height * 0.80, 0.84), Colourway())


def girl(pen: Pen) -> None:
    width, height = pen.size
    paper(pen, hexed("#c3d0cd"))
    look = Look(
        "girl", hexed("#ecbf9c"), "long", hexed("#4a2b1c"), top=hexed("#d98b3a"), garment="top", age=22, accent=hexed("#d9a03a")
    )
    draw_bust(pen.at(width / 2, height * 0.40, 0.40), look, daylight(), 0.0)


def character(pen: Pen) -> None:
    width, height = pen.size
    paper(pen, hexed("#d8d3c6"))
    foot = height * 0.95
    pen.fill(oval(width / 2, foot, 0.17, 0.014), paint=hexed("#6b655a"), alpha=0.5, blur=0.014)
    look = Look(
        "man",
        hexed("#d9a27a"),
        "short",
        hexed("#2e1f1a"),
        hexed("#2f6b66"),
        hexed("#33364a"),
        hexed("#d4472f"),
        "coat",
        30,
        scarf=True,
    )
    draw_figure(pen.at(width / 2, foot, height * 0.88), look, daylight(), POSES["stand"])


def red_kettle(pen: Pen) -> None:
    width, height = pen.size
    paper(pen, hexed("#d5dbd8"))
    foot = height * 0.84
    pen.fill(oval(width / 2, foot, 0.30, 0.020), paint=hexed("#59605e"), alpha=0.55, blur=0.022)
    kettle(pen.at(width / 2 - 0.05, foot, 0.70), daylight(), hexed("#bf2a26"), hexed("#c99a45"))


def sunlit_room(pen: Pen) -> None:
    width, height = pen.size
    room(View(pen, width, height, height * 0.58, daylight("paper"), chance("room")))


EXAMPLES: dict[str, tuple[Callable[[Pen], None], tuple[int, int]]] = {
    "shoe": (shoe, (900, 675)),
    "girl": (girl, (720, 900)),
    "character": (character, (600, 900)),
    "kettle": (red_kettle, (900, 900)),
    "room": (sunlit_room, (900, 675)),
}


def drawn(name: str) -> Image.Image:
    """One example, drawn at twice its size."""
    draw, (width, height) = EXAMPLES[name]
    surface = Surface((width * 2, height * 2))
    draw(Pen.on(surface))
    small = np.asarray(surface.image.resize((width, height), Image.Resampling.LANCZOS), np.float32)
    grain = chance("grain", name).normal(0, 1.1, small.shape[:2])[..., None]
    return Image.fromarray(np.clip(small + grain + 0.5, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    for name in EXAMPLES:
        drawn(name).save(OUT / f"{name}.jpg", quality=84, optimize=True)
