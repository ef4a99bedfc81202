"""The app for programs: `/generate`, `/quote` and `/compile_prompt`, over gradio_client, HTTP and MCP.

No `from __future__ import annotations` here: Gradio reads the types at run time. Header parameters come last: they would
silently overwrite others elsewhere.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import gradio as gr

from seedream_ui.errors import RequestRefused
from seedream_ui.imaging.intake import Upload, take_in, uploaded
from seedream_ui.pricing import quote as price_of
from seedream_ui.checks import check
from seedream_ui.prompting import prompt_text
from seedream_ui.request import Reference, SequenceRequest
from seedream_ui.runs import Run, agenerate, runs
from seedream_ui.settings import settings
from seedream_ui.ui.spoken import sentence

__all__ = ["compile_prompt", "generate", "quote", "register"]


def register() -> None:
    """Adds the three endpoints to the Blocks in hand."""
    for function in (generate, quote, compile_prompt):
        gr.api(function, api_name=function.__name__, concurrency_limit=None)


async def generate(
    prompt: str,
    references: list[gr.FileData] | None = None,
    panels: list[str] | None = None,
    count: int = 4,
    sequence: bool = True,
    pro: bool = False,
    aspect_ratio: str = "1:1",
    size: str = "",
    platform: str = "sketch",
    model: str = "",
    seed: int | None = None,
    options: dict[str, Any] | None = None,
    wait: bool = True,
    x_platform_key: gr.Header | None = None,
    x_visitor_token: gr.Header | None = None,
) -> tuple[list[gr.FileData], dict[str, Any]]:
    """Make a set of images that belong together.

    Args:
        prompt: The instruction for the whole set. References can be addressed as "image 1".
        references: Reference images, at most as many as the model takes.
        panels: One line per image; may be shorter than count.
        count: Number of images, 1 to 15.
        sequence: One group in which each image builds on the earlier ones (default true), or independent images.
        pro: The 3K tier instead of 2K (default false).
        aspect_ratio: 1:1, 4:3, 3:4, 16:9, 9:16, 3:2, 2:3, 21:9, or "reference" for the first reference's own.
        size: "W*H" in pixels, or "2K", "3K", "4K"; wins over pro, and W*H over aspect_ratio.
        platform: "sketch" draws free previews on this server.
        model: Empty for the platform's default.
        seed: Where the model takes one; by default it follows from the request, so that the same request gives the same images.
        options: prompt_override, labels (what each reference is for), and the model's own options.
        wait: Wait for the set (default true), or return at once with status "running".

    Returns:
        The images, and a record of the run.
    """
    return await _spoken(_generate)(locals())


async def quote(
    prompt: str = "",
    reference_count: int = 0,
    panels: list[str] | None = None,
    count: int = 4,
    sequence: bool = True,
    pro: bool = False,
    aspect_ratio: str = "1:1",
    size: str = "",
    platform: str = "sketch",
    model: str = "",
    seed: int | None = None,
    options: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Say what a set would cost, in US dollars, before it is made. Takes the arguments of generate.

    Args:
        reference_count: How many reference images there would be.

    Returns:
        total_usd, per_image_usd, Daisy's credits (or null), which images are charged, the source, and what it cannot know.
    """
    return await _spoken(_quote)(locals())


async def compile_prompt(
    prompt: str = "",
    reference_count: int = 0,
    panels: list[str] | None = None,
    count: int = 4,
    sequence: bool = True,
    pro: bool = False,
    aspect_ratio: str = "1:1",
    size: str = "",
    platform: str = "sketch",
    model: str = "",
    seed: int | None = None,
    options: dict[str, Any] | None = None,
) -> str:
    """Compile the prompt that would be sent, word for word. Takes the arguments of generate.

    Args:
        reference_count: How many reference images there would be.

    Returns:
        The prompt; without sequence the prompts of all images, parted by lines of three dashes.
    """
    return await _spoken(_compile_prompt)(locals())


async def _generate(asked: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    request = _request(asked, await _references(asked["references"] or []))
    if not asked["wait"]:
        return [], (await runs().start(request)).record()
    run = await agenerate(request, key=asked["x_platform_key"])
    return _files(run), run.record()


async def _quote(asked: dict[str, Any]) -> dict[str, Any]:
    price = price_of(_described(asked))
    return {
        "total_usd": float(price.total_usd),
        "per_image_usd": float(price.per_image_usd),
        "credits": price.credits,
        "charged_by": price.charged_by,
        "source": price.source,
        "unknowns": list(price.unknowns),
    }


async def _compile_prompt(asked: dict[str, Any]) -> str:
    return prompt_text(_described(asked))


def _described(asked: dict[str, Any]) -> SequenceRequest:
    """The request with stand-ins for its references, checked as far as their number goes."""
    number = asked["reference_count"]
    if type(number) is not int or number < 0:
        raise RequestRefused("reference_count", "Reference count has to be a whole number, 0 or more.")
    stand_ins = [Reference(sha256=f"{i:064x}", media_type="image/jpeg", width=1, height=1) for i in range(min(number, 100))]
    request = _request(asked, stand_ins)
    check(request)
    return request


def _request(asked: dict[str, Any], references: list[Reference]) -> SequenceRequest:
    options = _mapping(asked["options"])
    labels = _strings("labels", options.pop("labels", None) or [])
    if len(labels) > len(references):
        raise RequestRefused("labels", f"There are {len(labels)} labels for {len(references)} reference images.")
    labelled = [reference.model_dump() | {"label": label} for reference, label in zip(references, labels, strict=False)]
    return SequenceRequest(
        prompt=asked["prompt"],
        panels=[{"text": text} for text in _strings("panels", asked["panels"] or [])],
        references=labelled + [reference.model_dump() for reference in references[len(labels) :]],
        size=_size(asked["size"], asked["pro"], asked["aspect_ratio"]),
        prompt_override=options.pop("prompt_override", None),
        options=options,
        **{name: asked[name] for name in ("count", "sequence", "platform", "model", "seed")},
    )


def _mapping(options: Any) -> dict[str, Any]:
    if options is None or isinstance(options, dict):
        return dict(options or {})
    raise RequestRefused("options", "Options has to be an object of names and values.")


def _strings(field: str, values: Any) -> list[str]:
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        return values
    raise RequestRefused(field, f"{field.capitalize()} has to be a list of texts.")


def _size(size: Any, pro: Any, aspect_ratio: Any) -> dict[str, Any]:
    """`"W*H"` is exact; a tier, or `pro`, goes with the aspect ratio."""
    if exact := re.fullmatch(r"\s*(\d{1,6})\s*[*xX×]\s*(\d{1,6})\s*", str(size)):
        return {"kind": "exact", "width": int(exact[1]), "height": int(exact[2])}
    return {"kind": "tier", "tier": size or ("3K" if pro else "2K"), "aspect_ratio": aspect_ratio}


async def _references(given: list[Any]) -> list[Reference]:
    """The references of a call: every path is taken for hostile until it proves to be an upload."""
    files = [_upload(item) for item in given[:MAX_REFERENCES]]
    intake = await take_in(files, runs().store)
    for refused in intake.refused:
        raise refused
    if len(given) > MAX_REFERENCES:
        raise RequestRefused("references", f"There are {len(given)} reference images; no model takes more than {MAX_REFERENCES}.")
    return list(intake.references)


MAX_REFERENCES = 14
"""The most that any Seedream model takes (ModelArk, §5.2)."""


def _upload(item: Any) -> Upload:
    data = item if isinstance(item, dict) else getattr(item, "model_dump", dict)()
    path = data.get("path")
    if not isinstance(path, str) or not path:
        raise RequestRefused("references", "A reference has to be uploaded first; an address on the web is not fetched.")
    name = data.get("orig_name")
    return Upload(uploaded(path, settings().files), name if isinstance(name, str) and name else path)


def _files(run: Run) -> list[dict[str, Any]]:
    folder = runs().files.folder(run.folder)
    made = [frame.file for frame in run.frames if frame.file]
    return [gr.FileData(path=str(folder / name), orig_name=name, mime_type=_MIME[name.rsplit(".")[-1]]).model_dump() for name in made]


_MIME = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


def _spoken(function: Callable[[dict[str, Any]], Awaitable[Any]]) -> Callable[[dict[str, Any]], Awaitable[Any]]:
    """Errors become one sentence for the caller; what nobody foresaw has its details in the log only."""

    async def speak(asked: dict[str, Any]) -> Any:
        try:
            return await function(asked)
        except Exception as error:
            raise gr.Error(sentence(error), print_exception=False) from None

    return speak
