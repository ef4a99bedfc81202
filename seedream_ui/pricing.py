"""What a request costs, before it is sent."""

from dataclasses import dataclass
from decimal import Decimal

from seedream_ui.catalog import Preset, catalog, model_of
from seedream_ui.request import SequenceRequest, TierSize

__all__ = ["Quote", "classic_credits", "quote"]


@dataclass(frozen=True)
class Quote:
    """US dollars throughout. `credits` are Daisy's, None where its controls could not ask for this.

    `credits_saved` is what the batch saves against single images. `charged_by` says which images are charged:
    those `requested`, those `returned`, or `nothing`. `unknowns` are sentences on what the quote cannot know.
    """

    images: int
    per_image_usd: Decimal
    total_usd: Decimal
    credits: int | None
    credits_saved: int | None
    charged_by: str
    source: str
    unknowns: tuple[str, ...]

    @property
    def free(self) -> bool:
        return self.charged_by == "nothing"


def quote(request: SequenceRequest) -> Quote:
    """The quote for a request. Raises `RequestRefused` for a platform or model that is not in the catalogue."""
    model = model_of(request)
    batch = classic_credits(request)
    return Quote(
        images=request.count,
        per_image_usd=model.price_usd,
        total_usd=model.price_usd * request.count,
        credits=batch,
        credits_saved=None if batch is None else _classic().credits[0] * request.count - batch,
        charged_by=model.charged_by,
        source=model.sources["price"],
        unknowns=model.unknowns,
    )


def classic_credits(request: SequenceRequest) -> int | None:
    """Daisy's credits for this request, or None where Daisy's controls could not ask for it."""
    preset, size = _classic(), request.size
    fits = (
        isinstance(size, TierSize)
        and size.aspect_ratio in preset.aspect_ratios
        and size.tier in preset.tiers.values()
        and request.count <= preset.outputs
        and len(request.references) <= preset.references
    )
    return preset.credits[request.count - 1] if fits else None


def _classic() -> Preset:
    return catalog().preset[0]
