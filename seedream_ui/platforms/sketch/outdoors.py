"""Places in the open: forest, mountain, beach. Each fills a view, back to front."""

import numpy as np

from .canvas import Gradient, Path, bezier, box_path, moved, oval, smooth
from .colour import Lab, hexed, lift, mix
from .scenery import View, down, draw_sky, ground, haze, hills, pine, wash


def mountain(view: View) -> None:
    draw_sky(view)
    light, y = view.light, view.horizon
    peaks(view, y - 0.02, 0.30, light.layer(0.12))
    peaks(view, y + 0.03, 0.19, light.layer(0.36))
    haze(view, y + 0.02, 0.10, 0.55)
    hills(view, y + 0.05, 0.07, light.layer(0.55))
    row_of_pines(view, y + 0.09, 0.11, light.layer(0.72), 26)
    ground(view, y + 0.10, mix(light.ground, light.near, 0.25))
    _lake(view, y + 0.115)
    tufts(view, y + 0.20, mix(light.ground, light.near, 0.5))


def _lake(view: View, y: float) -> None:
    light, w = view.light, view.width
    water = smooth(
        [
            (-view.margin, y + 0.01),
            (w * 0.3, y),
            (w * 0.75, y + 0.004),
            (w * 0.95, y + 0.02),
            (w * 0.72, y + 0.055),
            (w * 0.35, y + 0.05),
            (-view.margin, y + 0.09),
        ]
    )
    view.pen.fill(water, paint=Gradient((0, y), (0, y + 0.08), (mix(light.sky[2], light.far, 0.3), light.sky[1])))
    lines = [oval(view.between(0, w), y + view.between(0.008, 0.06), view.between(0.02, 0.08), 0.0012, 12) for _ in range(16)]
    view.pen.fill(*lines, paint=light.light, alpha=0.5, clip=water)


def peaks(view: View, y: float, height: float, tone: Lab) -> None:
    """A range with lit and shaded faces and snow on the tops."""
    light, pen = view.light, view.pen
    count = int(view.rng.integers(3, 5))
    snow = mix(hexed("#ffffff"), light.sky[2], 0.35)
    for k in range(count):
        x = view.width * (k + view.between(0.1, 0.9)) / count
        top, half = y - height * view.between(0.55, 1.0), height * view.between(0.85, 1.3)
        peak = _crag(view, x, top, half, y + 0.1)
        pen.fill(peak, paint=Gradient((x, top), (x, y + 0.1), (tone, mix(tone, light.sky[2], 0.45))))
        face = [
            (x, top),
            (x - light.side * half * 0.16, top + (y - top) * 0.45),
            (x + light.side * half * 0.04, y + 0.1),
            (x - light.side * half, y + 0.1),
        ]
        pen.fill(face, paint=lift(light.shade(tone, 0.07), -0.02), alpha=0.65, clip=peak)
        cut = top + (y - top) * 0.34
        zig = np.array(
            [
                (x + t * half * 0.7, cut + (0.03 if i % 2 else -0.015) * height / 0.2)
                for i, t in enumerate(np.linspace(0.6, -0.6, 9))
            ]
        )
        pen.fill(np.concatenate([[(x, top - 0.02)], moved(zig, 0, 0.0)]), paint=snow, alpha=0.92, clip=peak)


def _crag(view: View, x: float, top: float, half: float, low: float) -> Path:
    t = np.linspace(0, 1, 9)
    left = np.stack([x - half * (1 - t), low + (top - low) * t**1.15], 1)
    right = np.stack([x + half * t, top + (low - top) * t**0.88], 1)
    path = np.concatenate([left, right[1:]])
    path[1:-1] += view.rng.uniform(-0.010, 0.010, (len(path) - 2, 2))
    path[8] = (x, top)
    return path


def row_of_pines(view: View, y: float, height: float, tone: Lab, count: int, snowy: bool = False) -> None:
    for x in np.sort(view.many(-0.05, view.width + 0.05, count)):
        pine(
            view.pen,
            float(x),
            y + view.between(-0.01, 0.02),
            height * view.between(0.6, 1.15),
            lift(tone, view.between(-0.02, 0.03)),
            view.light,
            snowy,
        )


def tufts(view: View, y: float, tone: Lab) -> None:
    blades = []
    for _ in range(70):
        x, b = view.between(0, view.width), y + view.between(0, 1) ** 0.7 * (view.height - y)
        s = 0.010 + 0.05 * (b - y)
        blades += [
            [(x + d * s * 0.5 - s * 0.06, b), (x + d * s, b - s * (1.2 - abs(d) * 0.4)), (x + d * s * 0.5 + s * 0.06, b)]
            for d in (-0.7, 0.0, 0.6)
        ]
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
    tufts(view, y + 0.16, mix(light.near, light.ground, 0.35))


def _trunks(view: View, foot: float, tone: Lab, count: int, width: float) -> None:
    for k in range(count):
        x = view.width * (k + view.between(0.15, 0.85)) / count
        if width > 0.02 and abs(x / view.width - 0.5) < 0.2:
            continue
        lean = view.between(-0.02, 0.02)
        trunk = np.array(
            [
                (x - width * 1.4, foot + 0.02),
                (x - width * 0.6, foot - 0.1),
                (x + lean - width * 0.45, -0.1),
                (x + lean + width * 0.45, -0.1),
                (x + width * 0.6, foot - 0.1),
                (x + width * 1.4, foot + 0.02),
            ]
        )
        view.pen.fill(trunk, paint=tone)
        view.pen.crescent(trunk, (-width * 0.3 * view.light.side, 0), mix(tone, view.light.light, 0.45), 0.55)
        for side in (-1, 1):
            b = foot * view.between(0.25, 0.7)
            view.pen.line(
                bezier(
                    (x + lean * 0.5, b),
                    (x + side * width * 3, b - 0.03),
                    (x + side * width * 5, b - 0.05),
                    (x + side * width * 7, b - 0.10),
                ),
                width * 0.4,
                tone,
                1,
                0.7,
            )


def _canopy(view: View, y: float, tone: Lab, size: float) -> None:
    count = int(view.width / size * 1.5) + 3
    blobs = [
        oval(
            view.width * k / (count - 1) + view.between(-0.5, 0.5) * size,
            y * view.between(0.0, 1.6) - size * 0.2,
            size * view.between(0.7, 1.3),
            steps=24,
        )
        for k in range(count)
    ]
    view.pen.fill(*blobs, paint=lift(tone, 0.01))


def _shafts(view: View) -> None:
    light = view.light
    for k in range(4):
        x = view.width * (0.5 + 0.22 * light.side) + (k - 1.5) * 0.11
        d = -light.side * view.between(0.18, 0.32)
        view.pen.fill(
            [(x, -0.05), (x + 0.04, -0.05), (x + d + 0.13, view.horizon + 0.22), (x + d, view.horizon + 0.22)],
            paint=light.light,
            alpha=0.13,
            blur=0.012,
        )


def beach(view: View) -> None:
    draw_sky(view)
    light, w, y, pen = view.light, view.width, view.horizon, view.pen
    side = -light.side
    head = np.array(
        [
            (w / 2 + side * w * 0.62, y + 0.004),
            (w / 2 + side * w * 0.60, y - 0.09),
            (w / 2 + side * w * 0.42, y - 0.07),
            (w / 2 + side * w * 0.30, y - 0.03),
            (w / 2 + side * w * 0.16, y + 0.004),
        ]
    )
    pen.fill(smooth(head, steps=6), paint=light.layer(0.35))
    shore = y + (view.height - y) * 0.48
    sea = (
        mix(light.sky[1], light.sky[2], 0.35),
        mix(light.sky[1], light.sky[0], 0.4),
        mix(light.sky[0], light.far, 0.25),
        mix(light.sky[1], light.sky[2], 0.5),
    )
    pen.fill(box_path(-view.margin, y, w + view.margin, view.height), paint=Gradient((0, y), (0, shore + 0.06), sea))
    _glitter(view, y, shore)
    sand = mix(light.ground, light.light, 0.45)
    line = smooth(
        [
            (-view.margin, shore + 0.03),
            (w * 0.2, shore + 0.055),
            (w * 0.5, shore + 0.015),
            (w * 0.8, shore + 0.05),
            (w + view.margin, shore + 0.02),
        ],
        closed=False,
    )
    for off, tone, alpha in ((-0.030, mix(light.light, light.sky[1], 0.3), 0.45), (-0.010, hexed("#ffffff"), 0.75)):
        pen.fill(down(view, moved(line, 0.02, off)), paint=mix(tone, light.sky[2], 0.25), alpha=alpha)
    pen.fill(
        down(view, moved(line, 0, 0.0)),
        paint=Gradient((0, shore), (0, view.height), (light.shade(sand, 0.09), sand, light.shade(sand, 0.13))),
    )
    specks = [
        oval(view.between(0, w), view.between(shore + 0.07, view.height), view.between(0.001, 0.003), 0.0012, 8)
        for _ in range(90)
    ]
    pen.fill(*specks, paint=light.shade(sand, 0.2), alpha=0.5)


def _glitter(view: View, y: float, shore: float) -> None:
    light, rng = view.light, view.rng
    middle = view.width * (0.5 + 0.2 * light.side)
    streaks, waves = [], []
    for _ in range(110):
        t = rng.random() ** 1.3
        b = y + 0.004 + t * (shore - y)
        reach = 0.015 + 0.09 * t
        streaks.append(
            oval(middle + rng.normal(0, 0.5) * (0.08 + 0.25 * t), b, reach * rng.uniform(0.3, 1.0), 0.0008 + 0.0026 * t, 12)
        )
        waves.append(oval(rng.uniform(0, view.width), b, reach * rng.uniform(0.5, 1.6), 0.0006 + 0.0018 * t, 12))
    view.pen.fill(*waves, paint=mix(light.sky[0], light.far, 0.4), alpha=0.35)
    view.pen.fill(*streaks, paint=lift(light.light, 0.02), alpha=0.75)


PLACES = {"mountain": mountain, "forest": forest, "beach": beach}
