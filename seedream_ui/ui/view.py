"""What the page shows, as plain JSON, computed from a draft or a run. The browser lays it out and decides nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from seedream_ui.catalog import Model, Platform, Preset, catalog, model_of, platform_of
from seedream_ui.checks import problems
from seedream_ui.counting import count_conflicts, fix
from seedream_ui.errors import RequestRefused
from seedream_ui.pricing import Quote, quote
from seedream_ui.prompting import compile_prompts, prompt_text
from seedream_ui.request import ASPECT_RATIOS, SequenceRequest, TierSize
from seedream_ui.runs import key_state
from seedream_ui.secret import Secret
from seedream_ui.sizing import dimensions, size_problem, tier_dimensions
from seedream_ui.ui.draft import request_of

__all__ = ["describe", "money"]


def describe(draft: Mapping[str, Any], own_key: Secret | None = None) -> dict[str, Any]:
    """All that the form shows about a draft: limits, sizes, compiled prompt, count conflicts, price, button, problems.

    `own_key` is the visitor's key for the draft's platform; of it only the last four characters are shown.
    """
    try:
        request = request_of(draft)
        platform, model = platform_of(request), model_of(request)
    except RequestRefused as refused:
        return _refused(draft, refused)
    preset = next((preset for preset in catalog().preset if preset.name == draft.get("preset")), None)
    found = problems(request)
    price, key = quote(request), key_state(platform, own_key)
    return {
        "platforms": [_platform(entry) for entry in catalog().platform],
        "models": [{"name": entry.name, "title": entry.title, "price": _per_image(entry)} for entry in platform.model],
        "model": model.name,
        "presets": [{"name": entry.name, "title": entry.title, "summary": entry.summary} for entry in catalog().preset],
        "limits": _limits(model, preset),
        "ratios": _ratios(request, preset),
        "tiers": _tiers(request, model, preset),
        "recommended": _recommended(request, model),
        "seed": model.seed,
        "options": [option.model_dump() for option in model.options],
        "ratio": _ratio(request),
        "size": _size(request),
        "problems": [_problem(refused) for refused in found],
        "conflicts": _conflicts(request),
        "hints": _hints(request),
        "quote": _quote(price, platform, preset),
        "key": _key(platform, key, own_key),
        "button": _button(request, platform, price, found, key),
        **_prompt(request),
    }


def _refused(draft: Mapping[str, Any], refused: RequestRefused) -> dict[str, Any]:
    """Why a draft is no request; and, for a page that has shown none yet, the controls to mend it with: an empty form's."""
    platform = catalog().find(str(draft.get("platform", ""))) or catalog().platform[0]
    model = platform.find(str(draft.get("model", "")))
    empty = describe({"platform": platform.name, "model": model.name if model else ""})
    controls = {name: empty[name] for name in _CONTROLS}
    return {
        "problems": [_problem(refused)],
        "button": _button_blocked(str(refused)),
        "quote": None,
        "controls": controls,
        "prompt": "",
        "prompts": 0,
    }


_CONTROLS = ("platforms", "models", "model", "presets", "limits", "ratios", "tiers", "recommended", "seed", "options")


def money(amount: Decimal | float) -> str:
    """`$0.108`: at least two decimals, no trailing zeros beyond them."""
    text = f"{Decimal(str(amount)):.4f}".rstrip("0")
    whole, _, cents = text.partition(".")
    return f"${whole}.{cents:0<2}"


def _problem(refused: RequestRefused) -> dict[str, str]:
    return {"field": refused.field, "message": str(refused)}


def _platform(platform: Platform) -> dict[str, Any]:
    return {"name": platform.name, "title": platform.title, "summary": platform.summary}


def _per_image(model: Model) -> str:
    return "free" if model.charged_by == "nothing" else f"{money(model.price_usd)} each"


def _limits(model: Model, preset: Preset | None) -> dict[str, int]:
    if preset:
        return {"references": min(model.references, preset.references), "outputs": min(model.outputs, preset.outputs)}
    return {"references": model.references, "outputs": model.outputs}


def _ratios(request: SequenceRequest, preset: Preset | None) -> list[dict[str, Any]]:
    names = preset.aspect_ratios if preset else ASPECT_RATIOS
    missing = None if request.references else "Needs a reference image."
    return [{"value": name, "reason": missing if name == "reference" else None} for name in names]


def _tiers(request: SequenceRequest, model: Model, preset: Preset | None) -> list[dict[str, Any]]:
    titles = {tier: f"{title} {tier}" for title, tier in preset.tiers.items()} if preset else {tier: tier for tier in model.tiers}
    return [{"value": tier, "label": title, "size": _tier_size(request, model, tier)} for tier, title in titles.items()]


def _tier_size(request: SequenceRequest, model: Model, tier: str) -> str:
    first = request.references[0] if request.references else None
    try:
        size = TierSize.model_validate({"tier": tier, "aspect_ratio": _ratio(request)})
        width, height = tier_dimensions(model, size, (first.width, first.height) if first else None)
    except RequestRefused:
        return ""
    return f"{width} × {height}"


def _recommended(request: SequenceRequest, model: Model) -> list[dict[str, Any]]:
    """The recommended sizes at the ratio in hand; those the model refuses carry the reason."""
    found = catalog().recommended_for(_ratio(request))
    return [entry.model_dump() | {"reason": size_problem(model, entry.width, entry.height)} for entry in found]


def _ratio(request: SequenceRequest) -> str:
    """The ratio in hand; of an exact size, the nearest."""
    if isinstance(size := request.size, TierSize):
        return size.aspect_ratio
    ratios = {name: int(name.split(":")[0]) / int(name.split(":")[1]) for name in ASPECT_RATIOS if ":" in name}
    return min(ratios, key=lambda name: abs(ratios[name] - size.width / size.height))


def _size(request: SequenceRequest) -> dict[str, int] | None:
    try:
        width, height = dimensions(request)
    except RequestRefused:
        return None
    return {"width": width, "height": height}


def _prompt(request: SequenceRequest) -> dict[str, Any]:
    try:
        return {"prompt": prompt_text(request), "prompts": len(compile_prompts(request))}
    except RequestRefused:
        return {"prompt": request.prompt_override or "", "prompts": 0}


def _conflicts(request: SequenceRequest) -> list[dict[str, Any]]:
    """Places where the person's own words state another number than the count, each with both ways out."""
    texts = {"prompt": request.prompt} | {f"panels.{i}": panel.text for i, panel in enumerate(request.panels)}
    if request.prompt_override is not None and request.sequence:
        texts = {"prompt_override": request.prompt_override}
    return [
        {"field": field, "words": found.words, "found": found.found, "fixed": fix(text, request.count)}
        for field, text in texts.items()
        for found in count_conflicts(text, request.count)
    ]


def _hints(request: SequenceRequest) -> list[str]:
    return ["With one image, Seq has no effect."] if request.count == 1 else []


def _quote(price: Quote, platform: Platform, preset: Preset | None) -> dict[str, Any]:
    shown = {name: float(value) if isinstance(value, Decimal) else value for name, value in asdict(price).items()}
    return shown | {
        "free": price.free,
        "line": _price_line(price),
        "credits_line": _credits_line(price, preset),
        "source": price.source,
    }


def _price_line(price: Quote) -> str:
    if price.free:
        return "Free, drawn on this machine."
    return f"{price.images} × {money(price.per_image_usd)} = {money(price.total_usd)}"


def _credits_line(price: Quote, preset: Preset | None) -> str | None:
    if not preset or price.credits is None:
        return None
    saved = price.credits_saved or 0
    saving = f", {saved} fewer than singly ({saved / (price.credits + saved):.0%})" if saved else ""
    return f"{price.credits} Daisy credits{saving}"


def _key(platform: Platform, state: str, own_key: Secret | None) -> dict[str, Any] | None:
    """What the form says of the platform's key; None where none is needed."""
    if state == "free":
        return None
    return {"state": state, "title": platform.title, "ends": own_key.reveal()[-4:] if own_key and state == "own" else None}


def _button(
    request: SequenceRequest, platform: Platform, price: Quote, found: tuple[RequestRefused, ...], key: str
) -> dict[str, Any]:
    images = "1 image" if request.count == 1 else f"{request.count} images"
    what = f"Make {images}"
    label = f"{what} · {'free' if price.free else money(price.total_usd)}"
    note = str(found[0]) if found else None
    instead = None
    if key == "missing":
        note = note or f"{platform.title} needs a key: paste yours above, or draw previews."
        instead = f"Make {images} with Sketch · free"
    return {"what": what, "label": label, "ready": not found and key != "missing", "note": note, "instead": instead}


def _button_blocked(note: str) -> dict[str, Any]:
    return {"label": "Make images", "ready": False, "note": note, "instead": None}
