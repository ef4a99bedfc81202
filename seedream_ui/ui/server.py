"""What the page may ask of the server about the form and the run."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from seedream_ui.catalog import model_of, platform_of
from seedream_ui.errors import ImageRefused, PlatformError, RequestRefused, RunNotFound
from seedream_ui.export.archive import zip_originals
from seedream_ui.export.contact import contact_sheet
from seedream_ui.export.pdf import one_page_pdf
from seedream_ui.export.sheet import Sheet, SheetFrame
from seedream_ui.imaging.atomic import replaced
from seedream_ui.imaging.intake import Upload, take_in, uploaded
from seedream_ui.platforms import PLATFORMS
from seedream_ui.platforms.http import IMAGE_BYTES
from seedream_ui.platforms.remote import Remote
from seedream_ui.prompting import panels_from_lines
from seedream_ui.request import SequenceRequest
from seedream_ui.runs import Run, Spender, payer_of, runs
from seedream_ui.secret import Secret
from seedream_ui.settings import settings
from seedream_ui.snippets import snippets
from seedream_ui.ui.draft import request_of
from seedream_ui.ui.pictures import shown_reference
from seedream_ui.ui.run_view import file_url, run_view, title_of
from seedream_ui.ui.served import KEYS, Json, Message, run_of, served
from seedream_ui.ui.view import describe, money

FOLLOW_SECONDS = 20.0
"""How long one look at a run may wait for news; below the 60 s at which proxies give up."""

ACCOUNT_SECONDS = 4.0
"""How long the page waits for the platform's price or balance, tries included: it shows the list price meanwhile."""

LONGEST_KEY, LONGEST_PATH, LONGEST_PASTE = 1000, 4096, 100_000
"""Characters."""
MOST_FILES = 20


@served
async def describe_draft(message: Message) -> Json:
    """{draft, session} → all that the form shows about it."""
    draft = message.object("draft")
    return describe(draft, KEYS.get(message.session, str(draft.get("platform", ""))))


@served
async def use_key(message: Message) -> Json:
    """{session, visitor, platform, key} → {account}. The key is tried before it is kept; it is never given back.

    Runs of the visitor that wait for it go on.
    """
    key, name = Secret(message.text("key", LONGEST_KEY)), message.text("platform")
    balance = await _remote(name).balance(key)
    KEYS.put(message.session, name, key)
    await runs().give_key(key, name, message.visitor)
    return {"account": {"balance": money(balance)}}


@served
async def drop_key(message: Message) -> Json:
    """{session, platform} → {}. Forgets the key."""
    KEYS.drop(message.session, message.text("platform"))
    return {}


@served
async def account(message: Message) -> Json:
    """{session, draft} → {account}: the platform's own price for the form as it stands, what it says otherwise, the balance.

    What the platform does not tell in time is null, and hides nothing else.
    """
    request = request_of(message.object("draft"))
    platform = platform_of(request)
    own = KEYS.get(message.session, platform.name)
    payer, remote = payer_of(platform, own, Spender()), _remote(platform.name)
    if payer.key is None:
        return {"account": None}
    price, balance, differing = await asyncio.gather(
        _told(remote.live_price(payer.key, request)),
        _told(remote.balance(payer.key)) if own else asyncio.sleep(0, None),
        remote.live_limits(payer.key),
    )
    told = {"balance": balance, "price": price}
    shown = {name: None if amount is None else money(amount) for name, amount in told.items()}
    return {"account": shown | {"usd": None if price is None else float(price), "differing": differing}}


async def _told(amount: Awaitable[Decimal]) -> Decimal | None:
    try:
        return await asyncio.wait_for(amount, ACCOUNT_SECONDS)
    except (PlatformError, TimeoutError):
        return None


@served
async def code_for(message: Message) -> Json:
    """{draft, origin} → the request as code."""
    found = snippets(request_of(message.object("draft")), message.text("origin", LONGEST_PATH))
    return {"snippets": [snippet.__dict__ for snippet in found]}


@served
async def split_lines(message: Message) -> Json:
    """{text} → {panels}: pasted lines as panel texts."""
    return {"panels": list(panels_from_lines(message.typed("text", LONGEST_PASTE)))}


@served
async def bring_in(message: Message) -> Json:
    """{files: [{path, name}]} → {references, refused}: uploads, checked, prepared and stored."""
    accepted: list[Upload] = []
    refused: list[ImageRefused] = []
    for file in message.objects("files", MOST_FILES, f"At most {MOST_FILES} pictures can be added at once. Add fewer."):
        path, name = file.text("path", LONGEST_PATH), file.text("name", LONGEST_PATH)
        try:
            accepted.append(Upload(uploaded(path, settings().files), name))
        except ImageRefused as error:
            refused.append(error)
    intake = await take_in(accepted, runs().store)
    references = await asyncio.gather(*(asyncio.to_thread(shown_reference, reference) for reference in intake.references))
    return {"references": references, "refused": [str(error) for error in (*refused, *intake.refused)]}


@served
async def use_result(message: Message) -> Json:
    """{run, index} → {references}: an image of a run as a reference."""
    _, path = await _original(message)
    intake = await take_in([Upload(path, path.name, IMAGE_BYTES)], runs().store)
    for refused in intake.refused:
        raise refused
    named = {"label": f"image {message.whole('index')} of the set"}
    shown = [asyncio.to_thread(shown_reference, reference.model_copy(update=named)) for reference in intake.references]
    return {"references": await asyncio.gather(*shown)}


@served
async def missing_references(message: Message) -> Json:
    """{sha256: […]} → {missing: […]}: those of a restored draft that this server no longer has."""
    return {"missing": [name for name in message.texts("sha256", 100) if not runs().store.has(name)]}


@served
async def start_run(message: Message) -> Json:
    """{draft, press, session, visitor} → {run}. The same press never starts two."""
    return {"run": run_view(await _start(message, request_of(message.object("draft"))))}


@served
async def vary_run(message: Message) -> Json:
    """{run, press, session, visitor} → {run}: the same request with a new seed."""
    request = (await run_of(message)).request
    varied = request.vary() if model_of(request).seed else request
    return {"run": run_view(await _start(message, varied))}


@served
async def again_run(message: Message) -> Json:
    """{run, press, session, visitor} → {run}: the same request once more, as a new run with its own price."""
    return {"run": run_view(await _start(message, (await run_of(message)).request))}


@served
async def look_again(message: Message) -> Json:
    """{run, session, visitor} → {run}: looks at the platform for the jobs of an unknown run. Sends nothing twice."""
    run = await run_of(message)
    key = KEYS.get(message.session, run.request.platform)
    return {"run": run_view(await runs().look_again(run.id, key, message.visitor))}


@served
async def follow_run(message: Message) -> Json:
    """{run, version, visitor} → {run}, as soon as it is newer than that version."""
    return {"run": run_view(await runs().newer(message.text("run"), message.whole("version"), FOLLOW_SECONDS, message.visitor))}


@served
async def stop_run(message: Message) -> Json:
    """{run, visitor} → {run}. What is made so far stays."""
    return {"run": run_view(await runs().stop(message.text("run"), message.visitor))}


@served
async def export_run(message: Message) -> Json:
    """{run, kind} → {url, name}: the set as `zip`, `sheet` (contact sheet) or `pdf`."""
    if (kind := message.text("kind")) not in _EXPORTS:
        raise RequestRefused("kind", "There is no such export. There is ZIP, contact sheet and PDF.")
    run, (suffix, write) = await run_of(message), _EXPORTS[kind]
    # named by what is in it: a file that is rewritten while it downloads breaks the download
    name = f"{kind}-{hashlib.sha256(run.model_dump_json().encode()).hexdigest()[:16]}.{suffix}"
    try:
        path = await asyncio.to_thread(runs().files.made, run.folder, name, partial(write, run))
    except FileNotFoundError:
        raise RunNotFound(run.id, "No image of this set is on this server, so there is nothing to download.") from None
    return {"url": file_url(path), "name": f"{_file_name(title_of(run))}.{suffix}"}


def _file_name(title: str) -> str:
    """The title's first words, without what file systems refuse."""
    plain = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", title).strip(" .…") or "set"
    return plain if len(plain) <= 48 else plain[:48].rsplit(" ", 1)[0].strip(" .,;")


async def _start(message: Message, request: SequenceRequest) -> Run:
    key = KEYS.get(message.session, request.platform)
    return await runs().start(request, message.text("press"), key, Spender(message.visitor, message.address))


def _remote(name: str) -> Remote:
    if isinstance(platform := PLATFORMS.get(name), Remote):
        return platform
    raise RequestRefused("platform", "This platform takes no key.")


async def _original(message: Message) -> tuple[Run, Path]:
    run, index = await run_of(message), message.whole("index")
    frame = next((frame for frame in run.frames if frame.index == index), None)
    if frame is None or frame.file is None:
        raise RequestRefused("index", "There is no such image in this set.")
    return run, runs().files.folder(run.folder) / frame.file


def _sheet(run: Run) -> Sheet:
    folder = runs().files.folder(run.folder)
    model = model_of(run.request)
    frames = tuple(
        SheetFrame(frame.index, folder / frame.file if frame.file else None, frame.caption, frame.error or "")
        for frame in run.frames
    )
    size = f"{run.width} × {run.height}"
    seq = "one sequence" if run.request.sequence else "independent images"
    return Sheet(
        title_of(run), f"{len(frames)} images, {seq} · {size} · {model.title}", frames, _NOTICES[model.charged_by == "nothing"]
    )


_NOTICES = {
    True: "Previews drawn by Sequence Studio’s built-in renderer. Not AI images, not Seedream.",
    False: "Made by a third-party AI model. Commercial rights follow the model’s licence and the platform’s terms.",
}


def _write_zip(run: Run, path: Path) -> None:
    zip_originals(_sheet(run), run.record(), path)


def _write_sheet(run: Run, path: Path) -> None:
    with replaced(path) as temporary:
        temporary.write_bytes(contact_sheet(_sheet(run)))


def _write_pdf(run: Run, path: Path) -> None:
    with replaced(path) as temporary:
        temporary.write_bytes(one_page_pdf(_sheet(run)))


_EXPORTS: dict[str, tuple[str, Callable[[Run, Path], None]]] = {
    "zip": ("zip", _write_zip),
    "sheet": ("png", _write_sheet),
    "pdf": ("pdf", _write_pdf),
}
