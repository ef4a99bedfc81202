"""A request against the catalogue: everything that can be refused before money is spent is refused here."""

from collections.abc import Iterator

from seedream_ui.catalog import Model, model_of, platform_of
from seedream_ui.errors import RequestRefused
from seedream_ui.prompting import compile_prompts
from seedream_ui.request import SequenceRequest
from seedream_ui.sizing import dimensions

__all__ = ["check", "problems"]


def check(request: SequenceRequest) -> None:
    """Raises the first `RequestRefused` there is: field, limit, and what to do, in one or two sentences."""
    for problem in problems(request):
        raise problem


def problems(request: SequenceRequest) -> tuple[RequestRefused, ...]:
    """All that stands against this request, most basic first; empty if it can be sent."""
    try:
        model = model_of(request)
    except RequestRefused as refused:
        return (refused,)
    return tuple(_all(request, model))


def _all(request: SequenceRequest, model: Model) -> Iterator[RequestRefused]:
    if not _has_words(request):
        yield RequestRefused("prompt", "There is nothing to draw yet. Write a prompt, or at least one panel.")
    yield from _numbers(request, model)
    yield from _options(request, model)
    for rule in (dimensions, compile_prompts):
        try:
            rule(request)
        except RequestRefused as refused:
            yield refused


def _has_words(request: SequenceRequest) -> bool:
    words = (request.prompt, request.prompt_override or "", *(panel.text for panel in request.panels))
    return any(text.strip() for text in words)


def _numbers(request: SequenceRequest, model: Model) -> Iterator[RequestRefused]:
    given, asked = len(request.references), request.count
    if given > model.references:
        yield RequestRefused("references", f"{model.title} takes up to {model.references} reference images; there are {given}.")
    if asked > model.outputs:
        yield RequestRefused("count", f"{model.title} makes up to {model.outputs} images at once; {asked} were asked for.")
    together = model.references_plus_outputs
    if together and given + asked > together:
        most = max(together - given, 0)
        advice = f"With {_counted(given, 'reference')} it makes up to {_counted(most, 'image')}."
        yield RequestRefused("count", f"{model.title} takes references and images up to {together} together. {advice}")
    if request.sequence and asked > 1 and not model.group:
        yield RequestRefused("sequence", f"{model.title} has no sequence mode. Switch Seq off to make independent images.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _options(request: SequenceRequest, model: Model) -> Iterator[RequestRefused]:
    if request.seed is not None and not model.seed:
        yield RequestRefused("seed", f"{model.title} takes no seed on this platform. Leave it out.")
    known = {option.name: option for option in (*model.options, *platform_of(request).program_options)}
    for name, value in request.options:
        if name not in known:
            has = f"It has {', '.join(known)}." if known else "It has none."
            yield RequestRefused("options", f"{model.title} has no option “{name[:40]}”. {has}")
        elif value not in known[name].choices:
            choices = ", ".join(map(str, known[name].choices))
            yield RequestRefused("options", f"{known[name].title} cannot be “{str(value)[:40]}”; it is one of {choices}.")
