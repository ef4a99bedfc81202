"""A low trainer from the side: heel at x = 0, toe at x = 1, the ground at y = 0."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .canvas import Gradient, Path, Pen, bezier, moved, oval, ribbon, smooth
from .colour import Lab, hexed, lift, mix

_BODY_TONE = hexed("#c9cdd2")
_OVERLAY_TONE = hexed("#b7bcc3")
_SOLE_TONE = hexed("#f5f3ee")
_TREAD_TONE = hexed("#8f877b")
_ACCENT_TONE = hexed("#30343b")
_LACE_TONE = hexed("#f7f5f1")
_LINING_TONE = hexed("#7f868f")


@dataclass(frozen=True)
class Colourway:
    body: Lab = _BODY_TONE
    overlay: Lab = _OVERLAY_TONE
    sole: Lab = _SOLE_TONE
    tread: Lab = _TREAD_TONE
    accent: Lab = _ACCENT_TONE
    lace: Lab = _LACE_TONE
    lining: Lab = _LINING_TONE


_UPPER = bezier(
    (0.045, -0.075),
    (0.015, -0.15),
    (0.006, -0.24),
    (0.028, -0.325),
    (0.036, -0.37),
    (0.040, -0.405),
    (0.062, -0.425),
    (0.085, -0.432),
    (0.108, -0.418),
    (0.128, -0.392),
    (0.165, -0.345),
    (0.225, -0.325),
    (0.292, -0.352),
    (0.325, -0.367),
    (0.342, -0.402),
    (0.362, -0.452),
    (0.372, -0.470),
    (0.405, -0.476),
    (0.425, -0.458),
    (0.500, -0.375),
    (0.575, -0.300),
    (0.668, -0.252),
    (0.745, -0.222),
    (0.855, -0.248),
    (0.932, -0.195),
    (0.978, -0.160),
    (0.996, -0.115),
    (0.985, -0.070),
    (0.700, -0.040),
    (0.300, -0.050),
    (0.045, -0.075),
)
_SOLE = bezier(
    (0.022, -0.118),
    (0.004, -0.100),
    (0.002, -0.050),
    (0.030, -0.014),
    (0.048, 0.0),
    (0.080, 0.0),
    (0.110, 0.0),
    (0.330, 0.0),
    (0.560, 0.0),
    (0.760, 0.0),
    (0.860, 0.0),
    (0.950, -0.020),
    (0.992, -0.066),
    (1.002, -0.082),
    (1.002, -0.108),
    (0.985, -0.122),
    (0.900, -0.100),
    (0.780, -0.084),
    (0.620, -0.084),
    (0.420, -0.084),
    (0.200, -0.128),
    (0.022, -0.118),
)
_TREAD = bezier(
    (0.012, -0.034),
    (0.018, -0.018),
    (0.030, -0.004),
    (0.060, 0.0),
    (0.330, 0.0),
    (0.560, 0.0),
    (0.760, 0.0),
    (0.860, 0.0),
    (0.950, -0.020),
    (0.994, -0.070),
    (0.960, -0.056),
    (0.860, -0.026),
    (0.760, -0.026),
    (0.560, -0.026),
    (0.330, -0.026),
    (0.080, -0.026),
    (0.040, -0.026),
    (0.025, -0.030),
    (0.012, -0.034),
)
_TOE = bezier(
    (0.640, -0.060),
    (0.660, -0.140),
    (0.740, -0.160),
    (0.805, -0.164),
    (0.865, -0.168),
    (0.915, -0.190),
    (0.948, -0.186),
    (0.985, -0.150),
    (0.998, -0.100),
    (0.990, -0.060),
    (0.860, -0.050),
    (0.740, -0.050),
    (0.640, -0.060),
)
_HEEL = bezier(
    (0.03, -0.06),
    (0.00, -0.15),
    (0.00, -0.24),
    (0.026, -0.318),
    (0.060, -0.305),
    (0.110, -0.300),
    (0.150, -0.270),
    (0.200, -0.230),
    (0.225, -0.160),
    (0.262, -0.075),
    (0.18, -0.06),
    (0.1, -0.06),
    (0.03, -0.06),
)
_TAB = bezier(
    (0.026, -0.318),
    (0.036, -0.37),
    (0.040, -0.405),
    (0.062, -0.425),
    (0.085, -0.432),
    (0.100, -0.424),
    (0.116, -0.406),
    (0.098, -0.372),
    (0.090, -0.340),
    (0.098, -0.302),
    (0.070, -0.300),
    (0.045, -0.306),
    (0.026, -0.318),
)
_STAY = bezier(
    (0.318, -0.362),
    (0.335, -0.375),
    (0.350, -0.395),
    (0.362, -0.420),
    (0.430, -0.395),
    (0.520, -0.300),
    (0.668, -0.236),
    (0.700, -0.222),
    (0.715, -0.200),
    (0.700, -0.178),
    (0.600, -0.185),
    (0.520, -0.215),
    (0.455, -0.262),
    (0.400, -0.300),
    (0.365, -0.330),
    (0.318, -0.362),
)
_QUARTER = bezier((0.300, -0.348), (0.400, -0.240), (0.480, -0.170), (0.660, -0.140))
_SASH = bezier((0.545, -0.268), (0.470, -0.170), (0.400, -0.130), (0.190, -0.134))
_STRIPE = ribbon(_SASH, (0.074, 0.060, 0.052, 0.034))
_PIPE = ribbon(moved(_SASH, 0.052, 0.04), (0.016, 0.014, 0.012, 0.010))
_COLLAR = bezier(
    (0.105, -0.418),
    (0.140, -0.355),
    (0.215, -0.328),
    (0.292, -0.352),
    (0.325, -0.367),
    (0.342, -0.402),
    (0.358, -0.440),
    (0.330, -0.405),
    (0.290, -0.395),
    (0.250, -0.392),
    (0.190, -0.390),
    (0.140, -0.402),
    (0.105, -0.418),
)
_TONGUE = bezier(
    (0.315, -0.372),
    (0.338, -0.410),
    (0.345, -0.445),
    (0.352, -0.478),
    (0.372, -0.512),
    (0.420, -0.505),
    (0.440, -0.470),
    (0.468, -0.425),
    (0.490, -0.392),
    (0.520, -0.352),
    (0.480, -0.330),
    (0.420, -0.345),
    (0.315, -0.372),
)


def draw_shoe(pen: Pen, colours: Colourway, gloss: float = 0.4) -> None:
    """Draws it; `gloss` 0..1 is how much the leather shines."""
    _inside(pen, colours)
    _body(pen, colours, gloss)
    _overlays(pen, colours)
    _laces(pen, colours)
    _bottom(pen, colours)


def _leather(pen: Pen, path: Path, colour: Lab, clip: Path | None = None) -> None:
    """A piece with a soft fall of light from above, a dark lower lip and its own thin shadow."""
    pen.fill(moved(path, 0.0, 0.006), paint=lift(colour, -0.22), alpha=0.35, blur=0.005, clip=_UPPER if clip is None else clip)
    low, high = path.min(0), path.max(0)
    light = Gradient((low[0], low[1]), (low[0] + 0.06, high[1]), (lift(colour, 0.06), colour, lift(colour, -0.09)))
    pen.fill(path, paint=light, clip=clip)
    pen.crescent(path, (0.0, 0.005), lift(colour, 0.10), 0.7, 0.002)


def _inside(pen: Pen, c: Colourway) -> None:
    pen.fill(_COLLAR, paint=Gradient((0.2, -0.42), (0.22, -0.33), (lift(c.lining, -0.30), lift(c.lining, -0.12))))
    _leather(pen, _TONGUE, mix(c.body, c.lace, 0.35), _TONGUE)
    pen.fill(oval(0.408, -0.487, 0.022, 0.009), paint=c.accent, alpha=0.9)


def _body(pen: Pen, c: Colourway, gloss: float) -> None:
    pen.fill(_UPPER, paint=Gradient((0.3, -0.45), (0.36, -0.06), (lift(c.body, 0.06), c.body, lift(c.body, -0.13))))
    pen.crescent(_UPPER, (0.0, -0.075), lift(c.body, -0.20), 0.55, 0.035)
    pen.crescent(_UPPER, (-0.05, -0.01), lift(c.body, -0.16), 0.5, 0.03)
    pen.crescent(_UPPER, (0.03, 0.0), lift(c.body, -0.14), 0.5, 0.022)
    shine = bezier(
        (0.700, -0.215), (0.78, -0.205), (0.85, -0.205), (0.905, -0.170), (0.85, -0.180), (0.78, -0.188), (0.700, -0.215)
    )
    pen.fill(shine, paint=lift(c.body, 0.22), alpha=0.35 + 0.5 * gloss, blur=0.008, clip=_UPPER)
    holes = [oval(0.735 + 0.026 * i, -0.192 + 0.004 * i - 0.018 * (j == 0) * 0.9, 0.0042) for i in range(5) for j in range(2)]
    pen.fill(*holes, paint=lift(c.body, -0.30), alpha=0.75)


def _overlays(pen: Pen, c: Colourway) -> None:
    pen.line(_QUARTER, 0.004, lift(c.body, -0.16), 0.5)
    _stitches(pen, moved(_QUARTER, 0.004, -0.009), lift(c.body, 0.10))
    _leather(pen, _TOE, c.overlay, _UPPER)
    _stitches(pen, moved(_TOE[4:34], 0.004, 0.01), lift(c.overlay, 0.14))
    _leather(pen, _STRIPE, c.accent, _UPPER)
    _stitches(pen, moved(_STRIPE[:15], 0.004, -0.008), lift(c.accent, 0.24))
    _leather(pen, _PIPE, c.accent, _UPPER)
    _leather(pen, _HEEL, c.overlay, _UPPER)
    _stitches(pen, moved(_HEEL[34:78], -0.011, 0.004), lift(c.overlay, 0.14))
    _leather(pen, _TAB, c.accent, _UPPER)
    _leather(pen, _STAY, c.overlay, _UPPER)
    _stitches(pen, moved(_STAY[36:88], 0.002, -0.01), lift(c.overlay, 0.14))
    rim = bezier((0.116, -0.406), (0.160, -0.345), (0.225, -0.322), (0.300, -0.354))
    pen.line(rim, 0.016, lift(c.lining, 0.04))
    pen.line(moved(rim, 0.0, -0.004), 0.005, lift(c.lining, 0.20), 0.7)


def _stitches(pen: Pen, path: Path, colour: Lab) -> None:
    steps = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = np.arange(0.006, steps[-1], 0.0125)
    dashes = [_along(path, steps, (start, start + 0.0075)) for start in at]
    pen.fill(*[ribbon(dash, 0.0026) for dash in dashes], paint=colour, alpha=0.85)


def _along(path: Path, steps: Path, span: Sequence[float]) -> Path:
    return np.stack([np.interp(span, steps, path[:, i]) for i in range(2)], 1)


def _laces(pen: Pen, c: Colourway) -> None:
    rows = np.linspace(0.0, 1.0, 6)
    edge = _along(bezier((0.385, -0.400), (0.46, -0.345), (0.54, -0.275), (0.672, -0.222)), np.linspace(0, 1, 16), rows.tolist())
    for x, y in edge:
        pen.fill(oval(x - 0.004, y + 0.020, 0.0062), paint=lift(c.overlay, -0.35))
        strand = smooth(
            [(x - 0.004, y + 0.018), (x + 0.010, y - 0.006), (x + 0.034, y - 0.030), (x + 0.056, y - 0.036)], closed=False
        )
        pen.fill(ribbon(moved(strand, 0.002, 0.006), 0.017), paint=lift(c.lace, -0.45), alpha=0.35, blur=0.003)
        pen.line(strand, 0.0165, lift(c.lace, -0.06))
        pen.line(moved(strand, -0.001, -0.003), 0.008, lift(c.lace, 0.05), 0.8)
    for loop in (
        [(0.415, -0.425), (0.455, -0.475), (0.515, -0.470), (0.520, -0.430), (0.470, -0.415), (0.420, -0.425)],
        [(0.415, -0.425), (0.440, -0.395), (0.455, -0.345), (0.432, -0.305)],
    ):
        strand = smooth(loop, closed=False)
        pen.fill(ribbon(moved(strand, 0.002, 0.006), 0.014), paint=lift(c.body, -0.35), alpha=0.4, blur=0.004)
        pen.line(strand, 0.0125, lift(c.lace, -0.07))
        pen.line(moved(strand, -0.0005, -0.0022), 0.006, lift(c.lace, 0.04), 0.8)


def _bottom(pen: Pen, c: Colourway) -> None:
    pen.fill(moved(_SOLE, 0, -0.008), paint=lift(c.body, -0.35), alpha=0.5, blur=0.010, clip=_UPPER)
    pen.fill(_SOLE, paint=Gradient((0.5, -0.12), (0.5, 0.0), (lift(c.sole, 0.03), c.sole, lift(c.sole, -0.14))))
    pen.crescent(_SOLE, (0.025, 0), lift(c.sole, -0.20), 0.6, 0.018)
    pen.crescent(_SOLE, (-0.03, -0.006), lift(c.sole, -0.16), 0.6, 0.018)
    groove = bezier((0.02, -0.080), (0.30, -0.072), (0.62, -0.050), (0.992, -0.092))
    pen.line(groove, 0.0035, lift(c.sole, -0.24), 0.75)
    pen.line(moved(groove, 0, 0.004), 0.0028, lift(c.sole, 0.08), 0.8)
    _stitches(pen, bezier((0.03, -0.106), (0.30, -0.104), (0.62, -0.072), (0.975, -0.112)), lift(c.sole, -0.20))
    pen.fill(_TREAD, paint=Gradient((0.5, -0.03), (0.5, 0.0), (c.tread, lift(c.tread, -0.14))), clip=_SOLE)
    cuts = [ribbon(np.array([(x, 0.004), (x + 0.006, -0.013)]), 0.006) for x in np.arange(0.07, 0.90, 0.026)]
    pen.fill(*cuts, paint=lift(c.tread, -0.30), alpha=0.7, clip=_SOLE)
