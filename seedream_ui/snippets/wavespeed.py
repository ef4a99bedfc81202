"""WaveSpeedAI's own interface as cURL, Python and JavaScript, with and without its SDKs."""

import json
import re
from collections.abc import Sequence
from typing import Any

from seedream_ui.checks import check
from seedream_ui.platforms.seam import Planned
from seedream_ui.platforms.wavespeed import WaveSpeed
from seedream_ui.request import SequenceRequest
from seedream_ui.sizing import dimensions
from seedream_ui.snippets import wavespeed_templates as templates
from seedream_ui.snippets.notation import (
    AS_EXPANDED_JSON,
    AS_JAVASCRIPT_LINES,
    AS_JSON,
    AS_PYTHON_LINES,
    Name,
    Notation,
    written,
)
from seedream_ui.snippets.snippet import Snippet, at_hand, file_names

__all__ = ["wavespeed_snippets"]

Body = dict[str, Any]

_WAYS_OF_ANSWERING = {"enable_base64_output", "enable_sync_mode"}
"""Options that change no image, only how it comes; the snippets fetch it by its address when it is there."""


def wavespeed_snippets(request: SequenceRequest) -> tuple[Snippet, ...]:
    """The jobs as the app itself would send them. Raises `RequestRefused`."""
    check(request)
    jobs, files = WaveSpeed().plan(request, *dimensions(request)), file_names(request)
    node = "Node 20 or newer, saved as make.mjs"
    made = (
        ("cURL", _curl(jobs, files), "bash and curl 7.52 or newer, saved as make.sh"),
        ("Python · httpx", _python(templates.HTTPX, jobs, files), "pip install httpx"),
        ("Python · SDK", _python(templates.PYTHON_SDK, jobs, files), 'pip install "wavespeed>=2,<3"'),
        ("JavaScript · fetch", _javascript(templates.FETCH, jobs, files), node),
        ("JavaScript · SDK", _javascript(templates.JAVASCRIPT_SDK, jobs, files), f"{node}, npm install wavespeed"),
    )
    return tuple(
        Snippet(language, code, at_hand(files, f"{needs}; your key as WAVESPEED_API_KEY in the environment"))
        for language, code, needs in made
    )


def _body(job: Planned, images: Any) -> Body:
    """What is posted, with the program's own word for its uploaded references."""
    body = WaveSpeed().body(job, ("…",) if images else ())
    return {name: images if name == "images" else value for name, value in body.items() if name not in _WAYS_OF_ANSWERING}


def _about(jobs: Sequence[Planned]) -> str:
    """Images, size, endpoint and price, as a comment at the top."""
    count, first = sum(job.count for job in jobs), jobs[0]
    images = "1 image" if count == 1 else f"{count} images"
    price = sum(job.price_usd for job in jobs)
    return f"{images} of {first.size} by {first.endpoint}, ${price} a run at list price."


def _suffix(job: Planned) -> str:
    return "png" if dict(job.request.options).get("output_format") == "png" else "jpg"


def _filled(template: str, **parts: str) -> str:
    """The template with `‹name›` replaced, once: what is put in may hold anything."""
    return re.sub(r"‹(\w+)›", lambda found: parts[found[1]], template)


# ------------------------------------------------------------------------------------------------------------------ cURL


def _curl(jobs: Sequence[Planned], files: Sequence[str]) -> str:
    references = [Name(f'"$IMAGE_{i}"') for i, _ in enumerate(files, 1)]
    notation, mark = (AS_EXPANDED_JSON, "JSON") if files else (AS_JSON, "'JSON'")
    made = [templates.CURL_JOB.format(job.endpoint, mark, _lines(_body(job, references), notation)) for job in jobs]
    uploads = "".join(templates.CURL_IMAGE.format(i, name) for i, name in enumerate(files, 1))
    return _filled(
        templates.CURL,
        about=_about(jobs),
        host=WaveSpeed.base_url,
        suffix=_suffix(jobs[0]),
        upload=templates.CURL_UPLOAD if files else "",
        images=uploads,
        jobs="\n".join(made),
    )


def _lines(body: Body, notation: Notation) -> str:
    """A mapping with one line for each of its names."""
    said = [f"  {notation.key(name)}: {written(value, notation, 2)}" for name, value in body.items()]
    return "{\n" + ",\n".join(said) + "\n}"


# ---------------------------------------------------------------------------------------------------------------- Python


def _python(template: str, jobs: Sequence[Planned], files: Sequence[str]) -> str:
    body = _shared(jobs, files)
    one_by_one = templates.PYTHON_SINGLES if len(jobs) > 1 else templates.PYTHON_GROUP
    return _filled(
        template,
        about=_about(jobs),
        host=WaveSpeed.base_url,
        endpoint=jobs[0].endpoint,
        upload=templates.HTTPX_UPLOAD if files else "",
        images=_filled(templates.PYTHON_IMAGES, files=json.dumps(files)) if files else "",
        sdk_images=_filled(templates.PYTHON_SDK_IMAGES, files=json.dumps(files)) if files else "",
        urls=_filled(
            one_by_one,
            prompts=written([job.prompt for job in jobs], AS_PYTHON_LINES, 0),
            body=written(body, AS_PYTHON_LINES, 0),
        ),
        suffix=_suffix(jobs[0]),
    )


def _shared(jobs: Sequence[Planned], files: Sequence[str]) -> Body:
    """The body of every job: single images differ in the prompt alone."""
    body = _body(jobs[0], Name("images") if files else None)
    return body | {"prompt": Name("prompt")} if len(jobs) > 1 else body


# ------------------------------------------------------------------------------------------------------------ JavaScript


def _javascript(template: str, jobs: Sequence[Planned], files: Sequence[str]) -> str:
    one_by_one = templates.JAVASCRIPT_SINGLES if len(jobs) > 1 else templates.JAVASCRIPT_GROUP
    names = json.dumps(files)
    return _filled(
        template,
        about=_about(jobs),
        host=WaveSpeed.base_url,
        endpoint=jobs[0].endpoint,
        imports="readFile, writeFile" if files else "writeFile",
        upload=templates.FETCH_UPLOAD if files else "",
        images=_filled(templates.FETCH_IMAGES, files=names) if files else "",
        sdk_images=_filled(templates.JAVASCRIPT_SDK_IMAGES, files=names) if files else "",
        save=_filled(templates.JAVASCRIPT_SAVE, suffix=_suffix(jobs[0])),
        made=_filled(
            one_by_one,
            prompts=written([job.prompt for job in jobs], AS_JAVASCRIPT_LINES, 0),
            body=written(_shared(jobs, files), AS_JAVASCRIPT_LINES, 0),
        ),
    )
