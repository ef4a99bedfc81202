"""One picture, from brief to pixels."""

from collections.abc import Callable

from PIL import Image

from .backdrop import draw_backdrop
from .brief import Brief
from .canvas import Pen, Surface
from .direction import direct
from .mark import stamp
from .stage import compose


def render(brief: Brief, index: int, should_stop: Callable[[], bool] | None = None) -> Image.Image:
    """Draws picture `index` (from 0) as RGB of exactly `brief.size`. Raises `Stopped` soon after `should_stop()` is true."""
    surface = Surface(brief.size, should_stop)
    surface.check()
    direction = direct(brief, index)
    if brief.references:
        compose(Pen.on(surface), direction)
    else:
        draw_backdrop(Pen.on(surface), direction, 0.8)
    stamp(surface.image)
    return surface.image
