"""One picture, from brief to pixels."""

from collections.abc import Callable

from PIL import Image

from .brief import Brief
from .canvas import Pen, Surface
from .direction import direct
from .finish import finish
from .mark import stamp
from .scene import draw_scene
from .stage import compose


def render(brief: Brief, index: int, should_stop: Callable[[], bool] | None = None) -> Image.Image:
    """Draws picture `index` (from 0) as RGB of exactly `brief.size`. Raises `Stopped` soon after `should_stop()` is true."""
    surface = Surface(brief.size, should_stop)
    surface.check()
    direction = direct(brief, index)
    pen = Pen.on(surface)
    if brief.references:
        compose(pen, direction)
    else:
        draw_scene(pen, direction)
    finish(surface, direction)
    surface.check()
    stamp(surface.image)
    return surface.image
