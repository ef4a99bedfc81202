"""The built-in renderer: deterministic previews from words and reference photos, with Pillow and numpy alone.

`render` draws one picture of a `Brief`, `encode` makes the JPEG. The same brief gives the same bytes in every process.
"""

from .brief import Brief, Stopped
from .mark import encode
from .render import render

__all__ = ["Brief", "Stopped", "encode", "render"]
