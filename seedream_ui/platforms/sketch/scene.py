"""A composed scene: place, protagonist, weather, in a shot that suits the panel."""

from PIL import ImageFilter

from . import indoors, outdoors, town, wilds
from .backdrop import direction_wall, draw_backdrop, plinth
from .bust import draw_bust
from .canvas import Pen
from .creatures import draw_animal
from .direction import Direction, Light
from .figure import POSES, Pose, draw_figure, shadow
from .look import Look, cast
from .matte import Cutout
from .scenery import View, vignette
from .strips import overlaid
from .things import THINGS, WIDTHS
from .weather import draw_weather
from .words import read

PLACES = {**outdoors.PLACES, **wilds.PLACES, **town.PLACES, **indoors.PLACES}
_HOMES = {
    "kettle": "kitchen",
    "mug": "cafe",
    "boat": "beach",
    "car": "street",
    "house": "mountain",
    "rocket": "space",
    "balloon": "mountain",
    "tree": "garden",
}
_ZOOM = {"wide": 1.0, "medium": 1.45, "close": 2.1}


def draw_scene(pen: Pen, direction: Direction, sample: Cutout | None = None) -> None:
    """The whole picture from words alone; `sample` lends the protagonist its colours."""
    people = cast(direction, sample)
    shot = shot_of(direction, bool(people))
    view = set_place(pen, direction, shot)
    if people:
        _people(view, direction, people, shot)
    elif direction.words.animal:
        _animal(view, direction, shot)
    else:
        _thing(view, direction, shot)
    if direction.words.place not in indoors.PLACES:
        draw_weather(view)
    vignette(pen, direction.light, 0.26)


def shot_of(direction: Direction, people: bool = True) -> str:
    """Wide, medium or close: as told, else in turn, so that a set has rhythm."""
    words = direction.words
    if words.shot:
        return words.shot
    own = read(direction.brief.words(direction.index))
    if own.hair or (own.age is not None and "couple" not in words.people):
        return "close"
    turn = ("wide", "medium", "close", "wide", "medium") if people else ("medium", "wide", "medium", "medium")
    start = int(direction.rng("shots").integers(len(turn))) if not direction.brief.sequence else 0
    return turn[(direction.index + start) % len(turn)]


def place_of(direction: Direction) -> str:
    """The place as told, else one that suits the protagonist, the same through a sequence."""
    words = direction.words
    if words.place:
        return words.place
    if words.weather == "snow":
        return "snow"
    if words.thing and not words.people:
        return _HOMES.get(words.thing, "studio")
    if words.hair or words.age is not None:
        return "studio"
    return direction.pick("place", "mountain", "city", "garden", "beach", "forest", "street")


def set_place(pen: Pen, direction: Direction, shot: str) -> View:
    """Draws the place for that shot; a close one has it enlarged and out of focus."""
    width, height = pen.size
    place = place_of(direction)
    horizon = height * {"wide": 0.58, "medium": 0.56, "close": 0.60}[shot]
    view = View(pen, width, height, horizon, direction.light, direction.own(f"view {place}"), direction.words.weather)
    if place == "studio":
        draw_backdrop(pen, direction, 0.86, direction.words.colours.get("backdrop"))
        return view
    zoom = _ZOOM[shot]
    x, y = width * (0.5 + 0.10 * direction.light.side), horizon
    far = pen.at(x - x * zoom, y - y * zoom, zoom)
    PLACES[place](View(far, width, height, horizon, direction.light, view.rng, direction.words.weather))
    if shot != "wide":
        _defocus(pen, 0.0028 if shot == "medium" else 0.009)
    return view


def _defocus(pen: Pen, radius: float) -> None:
    """Softens all that is drawn so far; worked out small."""
    surface = pen.surface
    surface.check()
    pixels = radius * pen.scale
    step = max(1, int(pixels / 1.6))
    image = surface.image.reduce(step) if step > 1 else surface.image
    overlaid(surface.image, image.filter(ImageFilter.GaussianBlur(pixels / step)))


def _base(view: View) -> float:
    """The length that a figure is measured against: neither too tall for a banner nor too wide for a column."""
    return min(view.height, view.width * 1.25)


def _people(view: View, direction: Direction, people: tuple[Look, ...], shot: str) -> None:
    if shot == "close":
        _close(view, direction, people)
    else:
        _standing(view, direction, people, shot)


def _close(view: View, direction: Direction, people: tuple[Look, ...]) -> None:
    light, base = view.light, _base(view)
    if len(people) == 1:
        size = base * 0.44
        turn = (0.0, -0.5, 0.45, 0.0)[direction.index % 4] if not direction.words.hair else 0.0
        draw_bust(view.pen.at(view.width * 0.5, view.height * 0.5 - size * 0.14, size), people[0], light, turn)
        return
    size = base * 0.34
    near = 0.52 if direction.words.pose == "embrace" else 0.62
    for look, side in ((people[1], 1), (people[0], -1)):
        draw_bust(
            view.pen.at(view.width / 2 + side * size * near, view.height * 0.5 - size * (0.28 if side > 0 else 0.05), size),
            look,
            light,
            -0.8 * side,
        )


def _standing(view: View, direction: Direction, people: tuple[Look, ...], shot: str) -> None:
    base, light, rng = _base(view), view.light, direction.own("stand")
    indoors_wide = shot == "wide" and place_of(direction) in ("studio", *indoors.PLACES)
    tall = base * (0.66 if indoors_wide else 0.50 if shot == "wide" else 1.22)
    foot = (
        view.height * 0.90
        if indoors_wide
        else view.horizon + (view.height - view.horizon) * 0.66
        if shot == "wide"
        else view.height * 0.13 + tall
    )
    middle = view.width * (0.5 - (0.13 if shot == "wide" else 0.06) * light.side)
    gap = tall * (0.13 if direction.words.pose == "embrace" else 0.20 if shot == "wide" else 0.155)
    for number, look in enumerate(people):
        x = middle if len(people) == 1 else middle + (number * 2 - 1) * gap
        size = tall * _stature(look)
        at = view.pen.at(x, foot, size)
        if shot == "wide":
            shadow(at, light, light.ground)
        draw_figure(at, look, light, _pose(direction, shot, number, len(people), float(rng.random())))


def _stature(look: Look) -> float:
    if look.childlike:
        return 0.68
    return 0.93 if look.womanly else 1.0


def _pose(direction: Direction, shot: str, number: int, count: int, luck: float) -> Pose:
    words = direction.words.pose
    if count == 2:
        return _toward(POSES["ease" if number and words != "embrace" else "stand"], number)
    if words == "back" or (shot == "wide" and not words and luck < 0.35):
        return POSES["back"]
    name = {"walk": "walk", "wave": "cheer" if luck < 0.5 else "wave"}.get(words, "")
    return POSES[name or ("walk" if shot == "wide" else "ease")]


def _toward(pose: Pose, number: int) -> Pose:
    """The two of a pair turn to each other and nearly touch hands."""
    inward = 1 - 2 * number
    hands = list(pose.hands)
    hands[number ^ 1] = (inward * 0.135, -0.46)
    return Pose((hands[0], hands[1]), pose.elbows if number else POSES["stand"].elbows, turn=0.75 * inward)


def _animal(view: View, direction: Direction, shot: str) -> None:
    words, light, base = direction.words, view.light, _base(view)
    tall = base * {"wide": 0.26, "medium": 0.50, "close": 1.05}[shot]
    foot = {
        "wide": view.horizon + (view.height - view.horizon) * 0.66,
        "medium": view.height * 0.88,
        "close": view.height * 1.30,
    }[shot]
    rng = direction.own("stand")
    tall, shift = tall * float(rng.uniform(0.86, 1.10)), float(rng.uniform(-0.08, 0.08)) * view.width
    at = view.pen.at(
        view.width * (0.5 - (0.12 if shot == "wide" else 0.03) * light.side) + shift, foot, tall, bool(rng.random() < 0.5)
    )
    shadow(at.at(0, 0, 2.2), light, light.ground)
    draw_animal(at, words.animal, light, words.colours.get(""), words.colours.get("accent", light.accent2))


def _thing(view: View, direction: Direction, shot: str) -> None:
    words, light = direction.words, view.light
    body, accent = thing_colours(direction, light)
    wide = WIDTHS.get(words.thing, 0.75)
    share = {"wide": 0.62, "medium": 1.0, "close": 1.35}[shot] * (
        1.0 if direction.brief.sequence else float(direction.rng("crop").uniform(0.85, 1.15))
    )
    tall = min(0.46 * _base(view), 0.62 * view.width / wide) * share
    place = place_of(direction)
    x, foot = view.width / 2, min(view.height * 0.90, view.height * 0.62 + tall * 0.42)
    if place in ("studio", "kitchen", "cafe", "room"):
        plinth(view.pen, light, direction_wall(direction), x, foot, max(tall * wide * 0.62, 0.1))
    at = view.pen.at(x, foot - (0.30 * tall if words.thing in ("balloon", "rocket") and place != "studio" else 0), tall)
    shadow(at.at(0, 0, 3.2 * wide), light, light.ground, 0.2)
    THINGS[words.thing or "kettle"](at, light, light.local(body), light.local(accent))


def thing_colours(direction: Direction, light: Light) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    words = direction.words
    accent = words.colours.get("accent") or (words.extra[0] if words.extra else None) or words.colours.get("sole")
    return words.colours.get("") or light.accent, accent or light.accent2
