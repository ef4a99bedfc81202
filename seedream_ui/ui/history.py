"""The history as the page asks for it: the visitor's own runs, and what may be done with them."""

import asyncio
from datetime import UTC, datetime

from seedream_ui.catalog import model_of, platform_of
from seedream_ui.request import SequenceRequest
from seedream_ui.runs import Entry, Run, runs
from seedream_ui.ui.draft import draft_of
from seedream_ui.ui.message import LONGEST_QUERY
from seedream_ui.ui.pictures import shown_reference
from seedream_ui.ui.run_view import cost, run_view, small_url, title_of
from seedream_ui.ui.served import Json, Message, run_of, served
from seedream_ui.ui.spoken import told
from seedream_ui.ui.view import money

PAGE = 24
RECENT, MOST_GOING = 8, 200
LONGEST_NAME = 120


@served
async def recent(message: Message) -> Json:
    """{visitor} → {runs}: the visitor's newest sets, oldest of them first, and every one that is still open."""
    page, visitor = runs().history.page, message.visitor
    newest = await asyncio.to_thread(page, visitor, RECENT)
    going = await asyncio.to_thread(page, visitor, MOST_GOING, going=True)
    shown = {entry.run.id: entry for entry in (*going, *newest)}.values()
    oldest_first = sorted(shown, key=lambda entry: entry.run.started_at)
    return {"runs": told(_recent, oldest_first)}


@served
async def history(message: Message) -> Json:
    """{query, before?} → {entries, before, totals}: a page, newest first; `before` asks for the next one, null at the end."""
    visitor, query = message.visitor, message.typed("query", LONGEST_QUERY)
    found = await asyncio.to_thread(runs().history.page, visitor, PAGE + 1, query, message.seconds("before"))
    totals = await asyncio.to_thread(runs().history.totals, visitor)
    shown = found[:PAGE]
    more = shown[-1].run.started_at if len(found) > PAGE else None
    sums = {
        "spent": bool(totals.ever),
        "today": money(totals.today),
        "ever": money(totals.ever),
        "open": money(totals.open) if totals.open else None,
    }
    return {"entries": told(_entry, shown), "before": more, "totals": sums}


@served
async def remix(message: Message) -> Json:
    """{run, preset?} → {draft, missing}: the form that made a run, its references included where they are still stored."""
    request = (await run_of(message)).request
    here = tuple(reference for reference in request.references if runs().store.has(reference.sha256))
    references = [await asyncio.to_thread(shown_reference, reference) for reference in here]
    draft = draft_of(request, message.text("preset", default=""))
    return {"draft": draft | {"references": references}, "missing": len(request.references) - len(here)}


@served
async def references_of(message: Message) -> Json:
    """{run} → {references}: those a run was made with and that are still stored, to be looked at."""
    request: SequenceRequest = (await run_of(message)).request
    here = [reference for reference in request.references if runs().store.has(reference.sha256)]
    return {"references": [await asyncio.to_thread(shown_reference, reference) for reference in here]}


@served
async def rename_run(message: Message) -> Json:
    """{run, name} → {entry}."""
    await asyncio.to_thread(runs().history.rename, await run_of(message), message.typed("name", LONGEST_NAME))
    return await _noted(message)


@served
async def pin_run(message: Message) -> Json:
    """{run, pinned} → {entry}. A pinned run is kept whatever its age."""
    await asyncio.to_thread(runs().history.pin, await run_of(message), message.flag("pinned"))
    return await _noted(message)


@served
async def delete_run(message: Message) -> Json:
    """{run} → {}. Its images go too; its line in the ledger stays."""
    await runs().delete(message.text("run"), message.visitor)
    return {}


@served
async def ledger(message: Message) -> Json:
    """{visitor} → {csv, name}: every run of the visitor with what it was to cost and did."""
    text = await asyncio.to_thread(runs().history.csv, message.visitor)
    return {"csv": text, "name": f"ledger {datetime.now(UTC).date()}.csv"}


async def _noted(message: Message) -> Json:
    entry = await asyncio.to_thread(runs().history.entry, await run_of(message))
    return {"entry": _entry(entry)}


def _recent(entry: Entry) -> Json:
    return run_view(runs().now(entry.run)) | {"name": entry.name}


def _word(run: Run) -> str:
    if run.needs_key:
        return "Needs your key"
    return "Stop was asked" if run.stopping and not run.finished else _WORDS[run.status]


_WORDS = {
    "running": "Going on",
    "completed": "Done",
    "partial": "Partial",
    "failed": "Failed",
    "cancelled": "Stopped",
    "unknown": "Unknown",
}


def _images(run: Run) -> str:
    count = run.request.count
    told = str(count) if run.returned == count else f"{run.returned} of {count}"
    return f"{told} {'image' if count == 1 else 'images'}"


def _made(run: Run) -> str:
    platform, model = platform_of(run.request).title, model_of(run.request).title
    return model if model.startswith(platform) else f"{platform}, {model}"


def _price(run: Run) -> str:
    if run.paid_by == "nobody":
        return "free"
    return f"{money(run.cost_usd)}{' quoted' if run.cost_is == 'quoted' else ''}"


def _entry(entry: Entry) -> Json:
    run = runs().now(entry.run)
    return {
        "id": run.id,
        "name": entry.name,
        "title": entry.name or title_of(run),
        "pinned": entry.pinned,
        "status": run.status,
        "word": _word(run),
        "open": run.open,
        "needs_key": run.needs_key,
        "made": _made(run),
        "sequence": run.request.sequence,
        "images": _images(run),
        "price": _price(run),
        "cost": cost(run),
        "at": datetime.fromtimestamp(run.started_at, UTC).isoformat(),
        "seconds": run.seconds,
        "returned": run.returned,
        "count": run.request.count,
        "ratio": run.width / run.height,
        "thumbs": [small_url(run, "thumb", frame) for frame in run.frames if frame.file],
    }
