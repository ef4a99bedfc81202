"""Places in the open: forest, mountain, beach, desert, snow, garden, space. Each fills a view, back to front."""

import numpy as np

from .canvas import Gradient, bezier, box_path, oval, ribbon, smooth
from .colour import Lab, hexed, lift, mix
from .scenery import View, down, draw_sky, ground, haze, hills, pine, round_tree, wash


def mountain(view: View) -> None:
    draw_sky(view)
    light, y = view.light, view.horizon
    _peaks(view, y - 0.02, 0.30, light.layer(0.12))
    _peaks(view, y + 0.03, 0.19, light.layer(0.36))
    haze(view, y + 0.02, 0.10, 0.55)
    hills(view, y + 0.05, 0.07, light.layer(0.55))
    _row_of_pines(view, y + 0.09, 0.11, light.layer(0.72), 26)
    ground(view, y + 0.10, mix(light.ground, light.near, 0.25))
    _lake(view, y + 0.115)
    _tufts(view, y + 0.20, mix(light.ground, light.near, 0.5))


def _lake(view: View, y: float) -> None:
    light, w = view.light, view.width
    water = smooth([(-view.margin, y + 0.01), (w * 0.3, y), (w * 0.75, y + 0.004), (w * 0.95, y + 0.02), (w * 0.72, y + 0.055), (w * 0.35, y + 0.05), (-view.margin, y + 0.09)])
    view.pen.fill(water, paint=Gradient((0, y), (0, y + 0.08), (mix(light.sky[2], light.far, 0.3), light.sky[1])))
    lines = [oval(view.between(0, w), y + view.between(0.008, 0.06), view.between(0.02, 0.08), 0.0012, 12) for _ in range(16)]
    view.pen.fill(*lines, paint=light.light, alpha=0.5, clip=water)


def _peaks(view: View, y: float, height: float, tone: Lab) -> None:
    """A range with lit and shaded faces and snow on the tops."""
    light, pen = view.light, view.pen
    count = int(view.rng.integers(3, 5))
    snow = mix(hexed("#ffffff"), light.sky[2], 0.35)
    for k in range(count):
        x = view.width * (k + view.between(0.1, 0.9)) / count
        top, half = y - height * view.between(0.55, 1.0), height * view.between(0.85, 1.3)
        peak = _crag(view, x, top, half, y + 0.1)
        pen.fill(peak, paint=Gradient((x, top), (x, y + 0.1), (tone, mix(tone, light.sky[2], 0.45))))
        face = [(x, top), (x - light.side * half * 0.16, top + (y - top) * 0.45), (x + light.side * half * 0.04, y + 0.1), (x - light.side * half, y + 0.1)]
        pen.fill(face, paint=lift(light.shade(tone, 0.07), -0.02), alpha=0.65, clip=peak)
        cut = top + (y - top) * 0.34
        zig = np.array([(x + t * half * 0.7, cut + (0.03 if i % 2 else -0.015) * height / 0.2) for i, t in enumerate(np.linspace(0.6, -0.6, 9))])
        pen.fill(np.concatenate([[(x, top - 0.02)], zig + (0, 0.0)]), paint=snow, alpha=0.92, clip=peak)


def _crag(view: View, x: float, top: float, half: float, low: float) -> np.ndarray:  # type: ignore[type-arg]
    t = np.linspace(0, 1, 9)
    left = np.stack([x - half * (1 - t), low + (top - low) * t**1.15], 1)
    right = np.stack([x + half * t, top + (low - top) * t**0.88], 1)
    path = np.concatenate([left, right[1:]])
    path[1:-1] += view.rng.uniform(-0.010, 0.010, (len(path) - 2, 2))
    path[8] = (x, top)
    return path


def _row_of_pines(view: View, y: float, height: float, tone: Lab, count: int, snowy: bool = False) -> None:
    for x in np.sort(view.rng.uniform(-0.05, view.width + 0.05, count)):
        pine(view.pen, float(x), y + view.between(-0.01, 0.02), height * view.between(0.6, 1.15), lift(tone, view.between(-0.02, 0.03)), view.light, snowy)


def _tufts(view: View, y: float, tone: Lab) -> None:
    blades = []
    for _ in range(70):
        x, b = view.between(0, view.width), y + view.between(0, 1) ** 0.7 * (view.height - y)
        s = 0.010 + 0.05 * (b - y)
        blades += [[(x + d * s * 0.5 - s * 0.06, b), (x + d * s, b - s * (1.2 - abs(d) * 0.4)), (x + d * s * 0.5 + s * 0.06, b)] for d in (-0.7, 0.0, 0.6)]
    view.pen.fill(*blades, paint=tone, alpha=0.8)


def forest(view: View) -> None:
    light, w, y = view.light, view.width, view.horizon
    top, mid, low = light.layer(0.45), mix(light.far, light.sky[2], 0.35), mix(light.sky[2], light.light, 0.35)
    wash(view, (low, mid, top))
    view.pen.glow((w * (0.5 + 0.22 * light.side), y * 0.55), 0.7, light.light, 0.35)
    for k, depth in enumerate((0.15, 0.35, 0.6, 0.85)):
        tone = mix(light.layer(depth), low, 0.35 * (1 - depth))
        _trunks(view, y + 0.03 + 0.05 * k, tone, 9 - k * 2 + 2, 0.008 + 0.011 * k)
        _canopy(view, 0.02 + 0.02 * (3 - k), tone, 0.05 + 0.02 * k)
        hills(view, y + 0.03 + 0.05 * k, 0.012, mix(tone, light.ground, 0.4))
        if k in (0, 1):
            haze(view, y + 0.02, 0.16, 0.35)
    _shafts(view)
    ground(view, y + 0.2, mix(light.ground, light.near, 0.4))
    _tufts(view, y + 0.16, mix(light.near, light.ground, 0.35))


def _trunks(view: View, foot: float, tone: Lab, count: int, width: float) -> None:
    for k in range(count):
        x = view.width * (k + view.between(0.15, 0.85)) / count
        if width > 0.02 and abs(x / view.width - 0.5) < 0.2:
            continue
        lean = view.between(-0.02, 0.02)
        trunk = np.array([(x - width * 1.4, foot + 0.02), (x - width * 0.6, foot - 0.1), (x + lean - width * 0.45, -0.1), (x + lean + width * 0.45, -0.1), (x + width * 0.6, foot - 0.1), (x + width * 1.4, foot + 0.02)])
        view.pen.fill(trunk, paint=tone)
        view.pen.crescent(trunk, (-width * 0.3 * view.light.side, 0), mix(tone, view.light.light, 0.45), 0.55)
        for side in (-1, 1):
            b = foot * view.between(0.25, 0.7)
            view.pen.line(bezier((x + lean * 0.5, b), (x + side * width * 3, b - 0.03), (x + side * width * 5, b - 0.05), (x + side * width * 7, b - 0.10)), width * 0.4, tone, 1, 0.7)


def _canopy(view: View, y: float, tone: Lab, size: float) -> None:
    count = int(view.width / size * 1.5) + 3
    blobs = [oval(view.width * k / (count - 1) + view.between(-0.5, 0.5) * size, y * view.between(0.0, 1.6) - size * 0.2, size * view.between(0.7, 1.3), steps=24) for k in range(count)]
    view.pen.fill(*blobs, paint=lift(tone, 0.01))


def _shafts(view: View) -> None:
    light = view.light
    for k in range(4):
        x = view.width * (0.5 + 0.22 * light.side) + (k - 1.5) * 0.11
        d = -light.side * view.between(0.18, 0.32)
        view.pen.fill([(x, -0.05), (x + 0.04, -0.05), (x + d + 0.13, view.horizon + 0.22), (x + d, view.horizon + 0.22)], paint=light.light, alpha=0.13, blur=0.012)


def beach(view: View) -> None:
    draw_sky(view)
    light, w, y, pen = view.light, view.width, view.horizon, view.pen
    side = -light.side
    head = np.array([(w / 2 + side * w * 0.62, y + 0.004), (w / 2 + side * w * 0.60, y - 0.09), (w / 2 + side * w * 0.42, y - 0.07), (w / 2 + side * w * 0.30, y - 0.03), (w / 2 + side * w * 0.16, y + 0.004)])
    pen.fill(smooth(head, steps=6), paint=light.layer(0.35))
    shore = y + (view.height - y) * 0.48
    sea = (mix(light.sky[1], light.sky[2], 0.35), mix(light.sky[1], light.sky[0], 0.4), mix(light.sky[0], light.far, 0.25), mix(light.sky[1], light.sky[2], 0.5))
    pen.fill(box_path(-view.margin, y, w + view.margin, view.height), paint=Gradient((0, y), (0, shore + 0.06), sea))
    _glitter(view, y, shore)
    sand = mix(light.ground, light.light, 0.45)
    line = smooth([(-view.margin, shore + 0.03), (w * 0.2, shore + 0.055), (w * 0.5, shore + 0.015), (w * 0.8, shore + 0.05), (w + view.margin, shore + 0.02)], closed=False)
    for off, tone, alpha in ((-0.030, mix(light.light, light.sky[1], 0.3), 0.45), (-0.010, hexed("#ffffff"), 0.75)):
        pen.fill(down(view, line + (0.02, off)), paint=mix(tone, light.sky[2], 0.25), alpha=alpha)
    pen.fill(down(view, line + (0, 0.0)), paint=Gradient((0, shore), (0, view.height), (light.shade(sand, 0.09), sand, light.shade(sand, 0.13))))
    specks = [oval(view.between(0, w), view.between(shore + 0.07, view.height), view.between(0.001, 0.003), 0.0012, 8) for _ in range(90)]
    pen.fill(*specks, paint=light.shade(sand, 0.2), alpha=0.5)


def _glitter(view: View, y: float, shore: float) -> None:
    light, rng = view.light, view.rng
    middle = view.width * (0.5 + 0.2 * light.side)
    streaks, waves = [], []
    for _ in range(110):
        t = rng.random() ** 1.3
        b = y + 0.004 + t * (shore - y)
        reach = 0.015 + 0.09 * t
        streaks.append(oval(middle + rng.normal(0, 0.5) * (0.08 + 0.25 * t), b, reach * rng.uniform(0.3, 1.0), 0.0008 + 0.0026 * t, 12))
        waves.append(oval(rng.uniform(0, view.width), b, reach * rng.uniform(0.5, 1.6), 0.0006 + 0.0018 * t, 12))
    view.pen.fill(*waves, paint=mix(light.sky[0], light.far, 0.4), alpha=0.35)
    view.pen.fill(*streaks, paint=lift(light.light, 0.02), alpha=0.75)


def desert(view: View) -> None:
    draw_sky(view)
    light, y = view.light, view.horizon
    sand = mix(mix(light.ground, light.accent2, 0.35), light.sky[2], 0.15)
    for k in range(4):
        base = y + 0.03 + 0.085 * k
        _dune(view, base, mix(mix(sand, light.sky[2], 0.42 - 0.14 * k), light.near, 0.06 * k), 0.075 + 0.02 * k)
    ripples = [ribbon(bezier((x, b), (x + 0.08, b - 0.012), (x + 0.16, b + 0.012), (x + 0.26, b)), 0.0022, 0.9) for x, b in zip(view.rng.uniform(-0.1, view.width, 22), view.rng.uniform(y + 0.33, view.height, 22), strict=True)]
    view.pen.fill(*ripples, paint=light.shade(sand, 0.2), alpha=0.45)


def _dune(view: View, base: float, tone: Lab, height: float) -> None:
    """One crest: the lit flank, and the shaded one behind a winding edge."""
    light, w, m = view.light, view.width, view.margin
    x, far = w * view.between(0.08, 0.92), -light.side
    line = smooth([(-m, base + height * 0.3), (x - 0.42, base + height * 0.05), (x - 0.12, base - height * 0.75), (x, base - height), (x + 0.14, base - height * 0.7),
                   (x + 0.45, base + height * 0.1), (w + m, base + height * 0.2)], closed=False)  # fmt: skip
    shape = down(view, line[np.argsort(line[:, 0])])
    view.pen.fill(shape, paint=Gradient((0, base - height), (0, base + 0.26), (mix(lift(tone, 0.07), light.light, 0.25), tone)))
    edge = bezier((x, base - height), (x - far * 0.06, base - height * 0.3), (x + far * 0.10, base + 0.03), (x - far * 0.02, base + 0.16))
    flank = np.concatenate([edge, [(x + far * 1.5, base + 0.3), (x + far * 1.5, base - 0.4), (x, base - height - 0.05)]])
    view.pen.fill(flank, paint=Gradient((x, base), (x + far * 0.7, base), (light.shade(tone, 0.16), light.shade(tone, 0.05))), alpha=0.85, clip=shape)


def snow(view: View) -> None:
    draw_sky(view)
    light, y = view.light, view.horizon
    white = mix(hexed("#ffffff"), light.sky[1], 0.18)
    _peaks(view, y, 0.22, mix(light.layer(0.2), white, 0.25))
    haze(view, y + 0.02, 0.12, 0.5)
    for k in range(3):
        tone = mix(mix(white, light.sky[1], 0.38 - 0.13 * k), light.light, 0.12)
        hills(view, y + 0.05 + 0.085 * k, 0.03, lift(tone, -0.05 + 0.03 * k) if view.night else tone, 0.35)
        _row_of_pines(view, y + 0.07 + 0.08 * k, 0.12 + 0.05 * k, light.layer(0.5 + 0.18 * k), 12 - 4 * k, True)
    last = mix(white, light.light, 0.2)
    last = (last[0] * (0.75 if view.night else 1.0), last[1], last[2])
    hills(view, y + 0.26, 0.015, last, 0.3)


def garden(view: View) -> None:
    draw_sky(view)
    light, y, w, pen = view.light, view.horizon, view.width, view.pen
    hills(view, y - 0.02, 0.06, light.layer(0.2))
    green = mix(light.ground, hexed("#5f8f52"), 0.45 if not view.night else 0.15)
    for x in np.linspace(0, w, 7):
        round_tree(pen, float(x) + view.between(-0.06, 0.06), y + 0.05, view.between(0.16, 0.27), mix(light.layer(0.45), green, 0.5), light)
    ground(view, y + 0.03, green, 0.16)
    path = smooth([(w * 0.48, y + 0.03), (w * 0.52, y + 0.03), (w * 0.60, y + 0.12), (w * 0.52, y + 0.22), (w * 0.78, view.height + 0.1), (w * 0.22, view.height + 0.1), (w * 0.38, y + 0.24), (w * 0.50, y + 0.12)], steps=8)
    pen.fill(path, paint=mix(light.light, light.ground, 0.4), alpha=0.85)
    _flowers(view, y + 0.09, green)


def _flowers(view: View, y: float, green: Lab) -> None:
    light, w = view.light, view.width
    _tufts(view, y, lift(green, -0.12))
    for tone in (light.accent, light.accent2, mix(light.light, light.accent, 0.3)):
        heads = []
        for _ in range(46):
            t = view.rng.random()
            x, b = view.between(0, w), y + t * (view.height - y)
            if abs(x - w / 2) > 0.10 + 0.28 * t:
                s = 0.003 + 0.011 * t
                heads += [oval(x, b, s, steps=14), oval(x + s * 1.3, b + s * 0.6, s * 0.8, steps=14)]
        view.pen.fill(*heads, paint=light.local(tone), alpha=0.95)


def space(view: View) -> None:
    light, w, h, pen = view.light, view.width, view.height, view.pen
    wash(view, (lift(light.sky[1], 0.05), light.sky[0], lift(light.sky[0], -0.08)))
    for _ in range(5):
        pen.glow((view.between(0, w), view.between(0, h * 0.7)), view.between(0.25, 0.5), mix(light.sky[2], light.accent, view.between(0, 0.6)), 0.30, view.between(0.4, 0.8))
    x, y = view.rng.uniform(0, w, 170), view.rng.uniform(0, h * 0.85, 170)
    pen.fill(*[oval(a, b, c, steps=8) for a, b, c in zip(x, y, view.rng.uniform(0.0006, 0.0026, 170), strict=True)], paint=hexed("#ffffff"), alpha=0.9)
    _planet(view, w * (0.5 + 0.24 * light.side), h * 0.26, view.between(0.12, 0.18))
    soil = mix(light.far, hexed("#9a95a5"), 0.4)
    hills(view, view.horizon + 0.03, 0.03, lift(soil, -0.12), 0.4)
    hills(view, view.horizon + 0.13, 0.012, soil, 0.3)
    for _ in range(9):
        t = view.rng.random()
        cx, cy, r = view.between(0, w), view.horizon + 0.17 + t * (h - view.horizon - 0.17), 0.02 + 0.05 * t
        pen.fill(oval(cx, cy, r, r * 0.28), paint=lift(soil, -0.13), alpha=0.8)
        pen.fill(oval(cx, cy + r * 0.07, r * 0.9, r * 0.20), paint=lift(soil, -0.05))


def _planet(view: View, x: float, y: float, r: float) -> None:
    light, pen = view.light, view.pen
    disc, tone = oval(x, y, r, steps=96), mix(light.accent, light.sky[2], 0.35)
    pen.glow((x, y), r * 2.2, tone, 0.35)
    pen.fill(disc, paint=Gradient((x + r * light.side, y - r), (x - r * light.side, y + r), (lift(tone, 0.14), tone, lift(tone, -0.26))))
    for k in range(5):
        pen.fill(oval(x, y + r * (-0.6 + 0.3 * k), r * 1.2, r * 0.055), paint=lift(tone, 0.10 if k % 2 else -0.09), alpha=0.5, clip=disc)
    pen.crescent(disc, (r * 0.5 * light.side, -r * 0.3), lift(light.near, -0.03), 0.6, r * 0.3)
    ring = ribbon(np.stack([x + r * 1.75 * np.cos(t := np.linspace(-0.35, np.pi + 0.35, 60)), y + r * 0.36 * np.sin(t) + 0.06 * r * np.cos(t)], 1), r * 0.10, 0.4)
    pen.fill(ring, paint=light.accent2, alpha=0.85)


PLACES = {"mountain": mountain, "forest": forest, "beach": beach, "desert": desert, "snow": snow, "garden": garden, "space": space}
