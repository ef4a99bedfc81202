"""Puts references into the picture: lifted and recoloured on a set or in a place, else as a photo or a print."""

from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from .backdrop import direction_wall, draw_backdrop, rounded_card
from .canvas import Pen, oval
from .colour import Array, Lab, cube, gap, hexed, lift, mix
from .direction import Direction, Light
from .matte import Cutout, as_image, cut_out
from .recolour import recoloured
from .scene import draw_scene, set_place, shot_of
from .scenery import View, vignette
from .strips import graded
from .weather import draw_weather
from .words import read

_CRISP = [min(255, max(0, round((v - 128) * 1.8 + 128))) for v in range(256)]


def compose(pen: Pen, direction: Direction) -> None:
    """A picture from references: subject on a set, in a place, or the photo itself."""
    photos = direction.brief.references
    lead, place, second = roles(direction)
    subject = cut_out(photos[lead])
    direction = _keeping(direction, subject)
    words = direction.words
    if subject is None:
        _photo(pen, direction, photos[lead])
    elif subject.ratio < 1.05 and (words.hair or words.age is not None):
        draw_scene(pen, direction, subject)
    else:
        company = cut_out(photos[second]) if second is not None else None
        _subject(pen, direction, recoloured(subject, words), photos[place] if place is not None else None, company)


def _keeping(direction: Direction, subject: Cutout | None) -> Direction:
    """With Seq on, a background that the words want kept has the photo's colour, unless they name another."""
    words = direction.words
    if not (subject and subject.behind and words.same_background and direction.brief.sequence):
        return direction
    return replace(direction, words=replace(words, colours={"backdrop": subject.behind} | words.colours))


def roles(direction: Direction) -> tuple[int, int | None, int | None]:
    """Numbers of the leading reference, of the one that is the place, and of a second subject."""
    brief = direction.brief
    numbers = range(len(brief.references))
    lead = direction.words.reference if direction.words.reference in numbers else None
    places = [n for n in numbers if n != lead and _is_place(direction, n)]
    subjects = [n for n in numbers if n not in places]
    first = lead if lead is not None else (subjects[0] if subjects else 0)
    place = next((n for n in places if n != first), None)
    second = next((n for n in subjects if n != first and lead is None), None)
    return first, place, second


def _is_place(direction: Direction, number: int) -> bool:
    """By its label, else because nothing can be lifted from it while there is something else to show."""
    label = direction.brief.label(number).lower()
    said = read(label)
    if (
        any(word in label for word in ("background", "place", "setting", "scene", "location", "environment", "world"))
        or said.place
    ):
        return True
    return number > 0 and not label and cut_out(direction.brief.references[number]) is None


def stand(
    pen: Pen,
    subject: Cutout,
    foot: tuple[float, float],
    height: float,
    flip: bool = False,
    shadow: Lab | None = None,
    narrow: float = 1.0,
) -> None:
    """The subject with its lowest point at `foot`, `height` high, in the pen's units; `shadow` None casts none."""
    surface = pen.surface
    surface.check()
    x, y = pen.pixels([foot])[0]
    size = (max(2, round(height * subject.ratio * narrow * pen.scale)), max(2, round(height * pen.scale)))
    cut = as_image(subject)
    cut = ImageOps.mirror(cut) if flip else cut
    if shadow is not None:
        _contact(pen, subject, foot, height, shadow, -1.0 if flip else 1.0)
    _paste(surface.image, cut, size, (round(x - size[0] / 2), round(y - size[1])))


def _paste(image: Image.Image, cut: Image.Image, size: tuple[int, int], at: tuple[int, int]) -> None:
    """Scales in one go but only what is seen, so that a huge subject costs no more than the picture."""
    seen = (max(at[0], 0), max(at[1], 0), min(at[0] + size[0], image.width), min(at[1] + size[1], image.height))
    if seen[2] <= seen[0] or seen[3] <= seen[1]:
        return
    fx, fy = cut.width / size[0], cut.height / size[1]
    window = ((seen[0] - at[0]) * fx, (seen[1] - at[1]) * fy, (seen[2] - at[0]) * fx, (seen[3] - at[1]) * fy)
    span = (seen[2] - seen[0], seen[3] - seen[1])
    large = cut.convert("RGB").resize(span, Image.Resampling.BICUBIC, box=window)
    if fx < 0.8:
        large = large.filter(ImageFilter.UnsharpMask(1.2 / fx, 60, 2))
    alpha = cut.getchannel("A").resize(span, Image.Resampling.BICUBIC, box=window)
    image.paste(large, seen[:2], alpha.point(_CRISP) if fx < 0.8 else alpha)


def _contact(pen: Pen, subject: Cutout, foot: tuple[float, float], height: float, colour: Lab, sign: float) -> None:
    """A wide soft shadow and a narrow dark one, as wide as what touches the ground."""
    low = subject.alpha[int(subject.alpha.shape[0] * 0.93) :].max(0) > 0.5
    columns = np.flatnonzero(low) if low.any() else np.array([0, subject.alpha.shape[1] - 1])
    unit = height / subject.alpha.shape[0]
    middle = sign * ((columns[0] + columns[-1]) / 2 * unit - height * subject.ratio / 2)
    half = max((columns[-1] - columns[0]) / 2 * unit, 0.02)
    x, y = foot[0] + middle, foot[1]
    pen.fill(oval(x, y, half * 1.16, 0.06 * half + 0.014), paint=colour, alpha=0.42, blur=0.026)
    pen.fill(oval(x, y - 0.004, half * 1.01, 0.025 * half + 0.005), paint=colour, alpha=0.72, blur=0.007)


def _subject(pen: Pen, direction: Direction, subject: Cutout, place: Image.Image | None, company: Cutout | None) -> None:
    words = direction.words
    set_in = place is not None or words.place not in ("", "studio") or words.weather == "snow"
    if not set_in:
        _on_a_set(pen, direction, subject, company)
    elif place is not None:
        _cover(pen, direction, place, 0.004)
        _in_a_place(pen, direction, subject, company, None)
    else:
        shot = (
            "close"
            if subject.grounded
            else "medium"
            if subject.ratio > 0.9
            else "wide"
            if shot_of(direction) == "wide"
            else "medium"
        )
        _in_a_place(pen, direction, subject, company, set_place(pen, direction, shot))


def _view(words_view: str, subject: Cutout) -> tuple[bool, float]:
    """Mirrored for the left, narrowed for a side view of something tall; never another side invented."""
    tall = subject.ratio < 0.9
    return words_view == "left", 0.84 if tall and words_view in ("left", "right", "side") else 1.0


def _on_a_set(pen: Pen, direction: Direction, subject: Cutout, company: Cutout | None) -> None:
    width, height = pen.size
    crop = 1.0 if direction.brief.sequence else float(direction.rng("crop").uniform(0.82, 1.18))
    wide = subject.ratio + (company.ratio * 0.75 if company else 0)
    tall = min(height * (0.80 if subject.ratio < 0.9 else 0.66) * crop, width * 0.74 * crop / wide)
    floor = 0.5 + tall / height / 2 + 0.03
    wall = direction.words.colours.get("backdrop") or apart(direction, subject)
    draw_backdrop(pen, direction, min(floor, 0.93), wall)
    flip, narrow = _view(direction.words.view, subject)
    foot = (width / 2 - (tall * company.ratio * 0.3 if company else 0), height * min(floor, 0.93))
    if subject.grounded:
        foot, tall = (width / 2, height), min(height * 0.86, width * 0.95 / subject.ratio)
    elif direction.words.shot == "close" and not company:
        tall *= 2.1 if subject.ratio < 0.6 else 1.35
        foot = (width / 2, height * 0.10 + tall) if subject.ratio < 0.6 else (width / 2, height / 2 + tall * 0.5)
    if company:
        stand(
            pen,
            company,
            (foot[0] + tall * (subject.ratio * 0.5 + company.ratio * 0.32), foot[1] - 0.02),
            tall * 0.75,
            shadow=lift(wall, -0.5),
        )
    stand(pen, subject, foot, tall, flip, None if subject.grounded else lift(wall, -0.5), narrow)


def apart(direction: Direction, subject: Cutout) -> Lab:
    """A wall that the subject stands out from. In a sequence it must suit every panel, so only the palette decides."""
    wall = direction_wall(direction)
    if direction.brief.sequence:
        return wall
    own = subject.colour()
    return mix(wall, lift(wall, 0.22 if own[0] < 0.5 else -0.22), 0.8) if gap(wall, own) < 0.14 else wall


def _in_a_place(pen: Pen, direction: Direction, subject: Cutout, company: Cutout | None, view: View | None) -> None:
    width, height = pen.size
    light = direction.light
    lit = shone(subject, light)
    flip, narrow = _view(direction.words.view, subject)
    dark = lift(light.near, -0.06)
    if subject.grounded:
        stand(pen, lit, (width / 2, height), min(height * 0.82, width * 0.9 / subject.ratio), flip, None, narrow)
    else:
        foot, tall = _footing(pen, direction, subject)
        if company:
            stand(
                pen,
                shone(company, light),
                (foot[0] + tall * (subject.ratio * 0.5 + company.ratio * 0.4), foot[1] - 0.03),
                tall * 0.8,
                shadow=dark,
            )
        stand(pen, lit, foot, tall, flip, dark, narrow)
    if view is not None:
        draw_weather(view)
    vignette(pen, light, 0.22)


def _footing(pen: Pen, direction: Direction, subject: Cutout) -> tuple[tuple[float, float], float]:
    """Where the subject stands in a place, and how tall: a person by the shot, a thing always whole."""
    width, height = pen.size
    shot, person = shot_of(direction), subject.ratio < 0.9
    if person and shot == "close":
        tall = min(height * 1.9, width * 1.1 / subject.ratio)
        return (width * 0.5, height * 0.10 + tall), tall
    share = (0.50 if shot == "wide" else 0.80) if person else 0.46
    x = width * (0.5 - 0.08 * direction.light.side * person)
    return (x, height * (0.95 if person and shot != "wide" else 0.86)), min(height * share, width * 0.66 / subject.ratio)


def shone(subject: Cutout, light: Light) -> Cutout:
    """The subject in the light of the place: dimmer and cooler at night, warm at a low sun."""
    lab = subject.lab.copy()
    if light.level >= 1.0:
        return subject
    tint = mix(light.sky[1], light.light, 0.5 if light.level > 0.9 else 0.25)
    share = 0.10 if light.level > 0.9 else 0.22
    lab[..., 0] *= light.level + 0.08
    lab[..., 1:] = lab[..., 1:] * (1 - share) + np.array(tint[1:], np.float32) * share
    return replace(subject, lab=lab)


def _cover(pen: Pen, direction: Direction, photo: Image.Image, soften: float) -> None:
    """The photo over the whole frame, in the light that the words ask for."""
    surface = pen.surface
    fitted = ImageOps.fit(photo.convert("RGB"), surface.image.size, Image.Resampling.BICUBIC)
    if soften:
        fitted = fitted.filter(ImageFilter.GaussianBlur(soften * pen.scale * 0.5))
    surface.image.paste(graded(fitted, lambda lab: _graded(lab, direction)))


def _graded(lab: Array, direction: Direction) -> Array:
    light = direction.light
    asked = bool(direction.words.time or direction.words.weather) or not direction.brief.sequence
    level, share = (light.level, 0.22) if asked else (1.0, 0.06)
    out = lab.copy()
    out[..., 0] = lab[..., 0] * level
    tint = np.array(mix(light.sky[1], light.light, 0.4)[1:], np.float32)
    out[..., 1:] = lab[..., 1:] * (1 - share) + tint * share
    return out


def _photo(pen: Pen, direction: Direction, photo: Image.Image) -> None:
    """A photo that nothing can be lifted from: over the whole frame where it fits, else as a print on the set."""
    width, height = pen.size
    if colour := direction.words.colours.get(""):
        photo = photo.convert("RGB").filter(cube(lambda lab: _washed(lab, colour)))
    ratio = photo.width / photo.height
    misfit = max(ratio / (width / height), (width / height) / ratio)
    if misfit < 1.6 and min(photo.size) >= 64 and direction.pick("framing", "full", "print", "full") == "full":
        _cover(pen, direction, photo, 0.0)
        draw_weather(View(pen, width, height, height * 0.6, direction.light, direction.own("weather"), direction.words.weather))
        vignette(pen, direction.light, 0.2)
    else:
        _print(pen, direction, photo)


def _washed(lab: Array, colour: Lab) -> Array:
    """A wash of the colour that the words name over the whole photo, since nothing in it can be told apart to be dyed."""
    out = lab.copy()
    out[..., 0] = np.clip(lab[..., 0] + (colour[0] - 0.6) * 0.35, 0, 1)
    depth = np.clip(1.6 * lab[..., 0:1] * (1.25 - lab[..., 0:1]), 0, 1)  # neither the deepest shade nor paper white takes colour
    out[..., 1:] = lab[..., 1:] * 0.3 + np.array(colour[1:], np.float32) * depth * 0.9
    return out


def _print(pen: Pen, direction: Direction, photo: Image.Image) -> None:
    """The whole photo as a print on the set's wall."""
    width, height = pen.size
    draw_backdrop(pen, direction, 0.90, direction.words.colours.get("backdrop"))
    ratio = min(max(photo.width / photo.height, 0.2), 5.0)
    h = min(height * 0.74, width * 0.74 / ratio)
    w = h * ratio
    x, y = width / 2 - w / 2, height * 0.47 - h / 2
    rounded_card(pen, x - 0.022, y - 0.022, x + w + 0.022, y + h + 0.022, hexed("#faf8f3"))
    (left, top), (right, bottom) = pen.pixels([(x, y), (x + w, y + h)])
    size = (max(1, round(right - left)), max(1, round(bottom - top)))
    fitted = ImageOps.fit(photo.convert("RGB"), size, Image.Resampling.BICUBIC).filter(cube(lambda lab: _graded(lab, direction)))
    pen.surface.image.paste(fitted, (round(left), round(top)))
