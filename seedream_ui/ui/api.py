"""The app for programs: making sets, their price and prompt, and the runs made, over gradio_client, HTTP and MCP.

No `from __future__ import annotations` here: Gradio reads the types at run time. Header parameters come last: they would
silently overwrite others elsewhere.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import gradio as gr
from gradio.context import Context

from seedream_ui.arguments import flag, listed, request_of_arguments
from seedream_ui.catalog import catalog
from seedream_ui.checks import problems
from seedream_ui.errors import RequestRefused
from seedream_ui.imaging.intake import Upload, take_in, uploaded
from seedream_ui.pricing import quote as price_of
from seedream_ui.prompting import prompt_text
from seedream_ui.request import Reference, SequenceRequest
from seedream_ui.runs import Run, Spender, agenerate
from seedream_ui.runs import runs as service
from seedream_ui.secret import Secret
from seedream_ui.settings import settings
from seedream_ui.ui.address import address_of
from seedream_ui.ui.message import LONGEST, LONGEST_QUERY, typed
from seedream_ui.ui.spoken import sentence, told

__all__ = ["cancel", "compile_prompt", "generate", "quote", "register", "run", "runs"]

log = logging.getLogger(__name__)

MOST_RUNS = 1000

Arguments = dict[str, Any]


def register() -> None:
    """Adds the endpoints to the Blocks in hand."""
    for function in (generate, quote, compile_prompt, runs, run, cancel):
        gr.api(function, api_name=function.__name__, concurrency_limit=None)
    if demo := Context.root_block:
        demo.preprocess_data = _in_words(demo.preprocess_data)  # type: ignore[assignment]


async def generate(
    prompt: str = "",
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
    request: gr.Request | None = None,
    x_platform_key: gr.Header | None = None,
    x_visitor_token: gr.Header | None = None,
) -> tuple[list[gr.FileData], dict[str, Any]]:
    """Make a set of images that belong together.

    Args:
        prompt: The instruction for the whole set. References can be addressed as "image 1".
        references: Reference images, uploaded first, at most as many as the model takes.
        panels: A line for each image; there may be fewer than images. With panels the prompt may be empty.
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
    images, record = await _spoken(_generate, locals())
    return images, record


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
    return dict(await _spoken(_quote, locals()))


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
    return str(await _spoken(_compile_prompt, locals()))


async def runs(
    limit: int = 50, query: str = "", request: gr.Request | None = None, x_visitor_token: gr.Header | None = None
) -> list[dict[str, Any]]:
    """List the runs made with the same X-Visitor-Token header, newest first; without that header there are none.

    Args:
        limit: How many at most, 1 to 1000.
        query: Words that have to be in the prompt, the panels, the name or the platform.

    Returns:
        The records, without their panels, each with its name and whether it is pinned.
    """
    return list(await _spoken(_runs, locals()))


async def run(
    run_id: str,
    request: gr.Request | None = None,
    x_platform_key: gr.Header | None = None,
    x_visitor_token: gr.Header | None = None,
) -> tuple[list[gr.FileData], dict[str, Any]]:
    """Look at a run: its images so far, and its record. Does not wait.

    A run made with an X-Visitor-Token header is found with that token only. After a restart of the server, a run on the caller's
    own key waits for it: give it again in the X-Platform-Key header.

    Args:
        run_id: As the record of generate gave it.

    Returns:
        The images, and the record of the run.
    """
    images, record = await _spoken(_run, locals())
    return images, record


async def cancel(run_id: str, request: gr.Request | None = None, x_visitor_token: gr.Header | None = None) -> dict[str, Any]:
    """Stop a run. What was not sent yet is not sent, and costs nothing; what a platform has taken already is paid and will come.

    Args:
        run_id: As the record of generate gave it.

    Returns:
        The record of the run as it is now; "activity" says what became of it.
    """
    return dict(await _spoken(_cancel, locals()))


async def _runs(asked: Arguments) -> list[Arguments]:
    limit, query = asked["limit"], asked["query"]
    if type(limit) is not int or not 1 <= limit <= MOST_RUNS:
        raise RequestRefused("limit", f"Limit has to be a whole number from 1 to {MOST_RUNS}.")
    if not isinstance(query, str):
        raise RequestRefused("query", "Query has to be text.")
    page = service().history.page
    entries = await asyncio.to_thread(page, _token(asked), limit, typed("query", query, LONGEST_QUERY))
    return told(lambda entry: entry.run.summary() | {"name": entry.name, "pinned": entry.pinned}, entries)


async def _run(asked: Arguments) -> tuple[list[Arguments], Arguments]:
    found = await service().found(_id(asked), _token(asked))
    if found.needs_key and (key := Secret(str(asked["x_platform_key"] or ""))):
        found = await service().look_again(found.id, key, _token(asked))
    return _files(found), found.record()


async def _cancel(asked: Arguments) -> Arguments:
    return (await service().stop(_id(asked), _token(asked))).record()


def _id(asked: Arguments) -> str:
    if isinstance(run_id := asked["run_id"], str):
        return run_id
    raise RequestRefused("run_id", "Run id has to be text, as the record of a run gives it.")


def _token(asked: Arguments) -> str:
    token = str(asked["x_visitor_token"] or "")
    if len(token) > LONGEST:
        raise RequestRefused("x_visitor_token", f"The X-Visitor-Token header has at most {LONGEST} characters.")
    return token


async def _generate(asked: Arguments) -> tuple[list[Arguments], Arguments]:
    wait = flag(asked, "wait", default=True)
    request = request_of_arguments(asked, await _references(listed("references", asked["references"])))
    key = str(asked["x_platform_key"] or "")
    spender = Spender(_token(asked), address_of(asked["request"]))
    if not wait:
        return [], (await service().start(request, key=Secret(key), spender=spender)).record()
    made = await agenerate(request, key=key, spender=spender)
    return _files(made), made.record()


async def _quote(asked: Arguments) -> Arguments:
    price = price_of(_described(asked))
    return {
        "total_usd": float(price.total_usd),
        "per_image_usd": float(price.per_image_usd),
        "credits": price.credits,
        "charged_by": price.charged_by,
        "source": price.source,
        "unknowns": list(price.unknowns),
    }


async def _compile_prompt(asked: Arguments) -> str:
    return prompt_text(_described(asked))


def _described(asked: Arguments) -> SequenceRequest:
    """The request with stand-ins for its references. It may do without words: they change no price."""
    number = asked["reference_count"]
    if type(number) is not int or number < 0:
        raise RequestRefused("reference_count", "Reference count has to be a whole number, 0 or more.")
    _check_number(number)
    stand_ins = [Reference(sha256=f"{i:064x}", media_type="image/jpeg", width=1, height=1) for i in range(number)]
    request = request_of_arguments(asked, stand_ins)
    for problem in problems(request):
        if problem.field != "prompt":
            raise problem
    return request


async def _references(given: list[Any]) -> list[Reference]:
    """The references of a call, in its order: every path is taken for hostile until it proves to be an upload."""
    _check_number(len(given))
    files = [_upload(item) for item in given]
    # one by one: `take_in` drops a picture that comes twice, and "image 3" would then be another one
    taken = await asyncio.gather(*(take_in([file], service().store) for file in files))
    for refused in (refused for intake in taken for refused in intake.refused):
        raise refused
    return [reference for intake in taken for reference in intake.references]


def _check_number(references: int) -> None:
    """Refuses what no model takes before anything is decoded; the limit of the one chosen is checked with the rest."""
    most = max(model.references for platform in catalog().platform for model in platform.model)
    if references > most:
        raise RequestRefused("references", f"There are {references} reference images; no model here takes more than {most}.")


def _upload(item: Any) -> Upload:
    path = item.get("path") if isinstance(item, dict) else None
    if not isinstance(path, str) or not path:
        raise RequestRefused("references", _UPLOAD_FIRST)
    name = item.get("orig_name")
    return Upload(uploaded(path, settings().files), name if isinstance(name, str) and name else path)


_UPLOAD_FIRST = "A reference has to be uploaded first, and named by the path that the upload answered."


def _files(found: Run) -> list[Arguments]:
    folder = service().files.folder(found.folder)
    made = [folder / frame.file for frame in found.frames if frame.file]
    return [gr.FileData(path=str(file), orig_name=file.name, mime_type=_MIME[file.suffix]).model_dump() for file in made]


_MIME = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


async def _spoken(function: Callable[[Arguments], Awaitable[Any]], asked: Arguments) -> Any:
    """Errors become one sentence for the caller; what nobody foresaw has its details in the log only."""
    try:
        return await function(asked)
    except Exception as error:
        _say(sentence(error))


def _in_words(preprocess: Callable[..., Awaitable[list[Any]]]) -> Callable[..., Awaitable[list[Any]]]:
    """Gradio's own look at the inputs, which comes before ours, with a sentence where it refuses a file.

    Arguments that a positional call leaves out take their defaults, as they do in a call by name.
    """

    async def preprocess_in_words(block_fn: Any, inputs: list[Any], *rest: Any) -> list[Any]:
        left_out = [block.value for block in block_fn.inputs[len(inputs) :]]
        try:
            return await preprocess(block_fn, [*inputs, *left_out], *rest)
        except Exception as error:
            log.info("inputs of %s refused: %s", block_fn.api_name, type(error).__name__)
            _say(_UPLOAD_FIRST)

    return preprocess_in_words


def _say(words: str) -> NoReturn:
    raise gr.Error(words, print_exception=False) from None
