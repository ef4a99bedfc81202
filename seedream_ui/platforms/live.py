"""What a platform's own list of models says otherwise than the catalogue."""

from collections.abc import Iterator
from typing import Any

from seedream_ui.catalog import Model
from seedream_ui.platforms.replies import dollars

__all__ = ["differences"]


def differences(platform: str, model: Model, kind: str, endpoint: str, listed: dict[str, Any] | None) -> Iterator[str]:
    """What the live schema of one endpoint says otherwise than the catalogue."""
    if listed is None:
        yield f"{endpoint} is not in {platform}'s list of models."
        return
    price = dollars(listed.get("base_price"))
    if price is not None and price != model.price_usd:
        yield f"{endpoint}: {platform}'s price is ${price} per image; here it is ${model.price_usd}."
    fields = _fields(listed)
    ours = {"max_images": {"maximum": model.outputs}} if "group" in kind else {}
    ours |= {"images": {"maxItems": model.references}} if "edit" in kind else {}
    ours |= {"size": {"minimum": model.side[0], "maximum": model.side[1]}}
    for name, limits in ours.items():
        for limit, value in limits.items():
            live = fields.get(name, {}).get(limit) if isinstance(fields.get(name), dict) else None
            if isinstance(live, int | float) and live != value and abs(live) < 1e9:
                yield f"{endpoint}: {name} has the {limit} {live} at {platform}; here it is {value}."
    if fields and (unknown := [option.name for option in model.options if option.name not in fields]):
        yield f"{endpoint}: {platform} knows no {', '.join(unknown)}."


def _fields(listed: dict[str, Any]) -> dict[str, Any]:
    match listed:
        case {"api_schema": {"api_schemas": [{"request_schema": {"properties": dict(found)}}, *_]}}:
            return found
    return {}
