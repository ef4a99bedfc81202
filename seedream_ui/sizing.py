"""From a size choice to a legal width and height, in pixels."""

from math import sqrt

from seedream_ui.catalog import Model, catalog, model_of
from seedream_ui.errors import RequestRefused
from seedream_ui.request import ExactSize, SequenceRequest, TierSize

__all__ = ["dimensions", "size_problem", "tier_dimensions"]

STEP = 8
"""Clipped sides are multiples of this, as the presets of the tiers are."""


def dimensions(request: SequenceRequest) -> tuple[int, int]:
    """Width and height of each image. Raises `RequestRefused` where the model's rule allows no such size."""
    model = model_of(request)
    if isinstance(request.size, ExactSize):
        width, height = request.size.width, request.size.height
        if problem := size_problem(model, width, height):
            raise RequestRefused("size", problem)
        return width, height
    if request.size.tier not in model.tiers:
        raise RequestRefused("size", f"{model.title} has no {request.size.tier} tier. It has {', '.join(model.tiers)}.")
    return tier_dimensions(model, request.size, _first_reference(request))


def tier_dimensions(model: Model, size: TierSize, reference: tuple[int, int] | None = None) -> tuple[int, int]:
    """The tier's preset, or the nearest legal size of the same ratio. `reference` is the first reference's size in pixels."""
    sizes = catalog().tiers[size.tier]
    if size.aspect_ratio == "reference":
        if reference is None:
            raise RequestRefused("aspect_ratio", "“As the reference” needs a reference image. Add one, or choose a ratio.")
        wide, high = reference
        return _clip(model, sqrt(sizes["1:1"][0] * sizes["1:1"][1]), wide / high)
    width, height = sizes[size.aspect_ratio]
    if size_problem(model, width, height) is None:
        return width, height
    wide, high = map(int, size.aspect_ratio.split(":"))
    return _clip(model, sqrt(width * height), wide / high)


def size_problem(model: Model, width: int, height: int) -> str | None:
    """Why the model takes no such size, in a sentence that names the limit; None where it does."""
    (small, large), (fewest, most) = model.side, model.pixels
    if not small <= width <= large or not small <= height <= large:
        return f"{width}×{height} is outside what {model.title} takes: each side from {small} to {large} px."
    if width * height < fewest:
        return f"{width}×{height} is too small for {model.title}: at least {fewest:,} pixels, such as {_example(fewest)}."
    if width * height > most:
        return f"{width}×{height} is too large for {model.title}: at most {most:,} pixels, such as {_example(most)}."
    if max(width, height) > model.ratio * min(width, height):
        return f"{width}×{height} is too narrow for {model.title}: at most {model.ratio}:1."
    return None


def _example(pixels: int) -> str:
    return {3_686_400: "2560×1440", 1_048_576: "1024×1024", 16_777_216: "4096×4096"}.get(pixels, f"{int(sqrt(pixels))}²")


def _first_reference(request: SequenceRequest) -> tuple[int, int] | None:
    return (request.references[0].width, request.references[0].height) if request.references else None


def _clip(model: Model, mean_side: float, ratio: float) -> tuple[int, int]:
    """The size of about `mean_side`² pixels at `ratio` (width ÷ height) that is nearest to it and legal."""
    (small, large), (fewest, most) = model.side, model.pixels
    widest = min(model.ratio, large / small, most / small**2, large**2 / fewest)
    stretch = sqrt(min(max(ratio, 1 / widest), widest))
    long, short = max(stretch, 1 / stretch), min(stretch, 1 / stretch)
    mean = min(mean_side, large / long, sqrt(most))
    mean = max(mean, small / short, sqrt(fewest))
    grow = mean > mean_side
    return _round(model, mean * stretch, grow), _round(model, mean / stretch, grow)


def _round(model: Model, side: float, up: bool) -> int:
    side = round(side, 6)  # 3072 may come as 3071.9999999999995
    stepped = -(-side // STEP) * STEP if up else side // STEP * STEP
    return int(min(max(stepped, model.side[0]), model.side[1]))
