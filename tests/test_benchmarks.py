"""The benchmarks still fit the app: they import, their helpers count rightly, and what they press on the page is there."""

import asyncio
import importlib
import io
import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "benchmarks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))
WEB = ROOT / "seedream_ui" / "ui" / "web"


@pytest.fixture
def script(monkeypatch):
    """Imports a benchmark as its own script would."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.mark.parametrize("name", NAMES)
def test_each_benchmark_imports_and_can_be_run(script, name):
    module = script(name)
    assert module.__doc__
    assert name == "common" or callable(module.main)


def test_the_runner_runs_every_benchmark_there_is(script):
    helpers = {"all", "client", "common", "serve", *(name for name in NAMES if name.startswith("overhead_"))}
    assert set(NAMES) - helpers <= set(script("all").NAMES)


@pytest.mark.parametrize(
    ("value", "target", "verdict"),
    [(1.0, None, ""), (1.0, 1.0, "met"), (1.1, 1.0, "just over"), (1.2, 1.0, "MISSED"), (0, 0, "met"), (1, 0, "MISSED")],
)
def test_a_number_is_judged_by_its_target_and_a_tolerance(script, value, target, verdict):
    assert script("common").Row("x", value, "s", target).verdict == verdict


def test_a_report_fails_on_a_miss_and_leaves_its_rows_for_the_runner(script, monkeypatch, tmp_path, capsys):
    common = script("common")
    monkeypatch.setenv(common.ROWS_FILE, str(tmp_path / "rows.json"))
    rows = [common.Row("Start", 1.2, "×", 1.4, "3 s | 2.5 s"), common.Row("Errors", 2, "", 0)]

    assert common.report("Title", rows) == 1
    assert common.report("Title", rows[:1]) == 0
    assert common.rows_from((tmp_path / "rows.json").read_text("utf-8")) == rows[:1]
    assert re.search(r"Errors +2 +≤ 0 +MISSED", capsys.readouterr().out)
    assert script("all").markdown(rows[0]) == r"| Start (3 s \| 2.5 s) | 1.20 × | ≤ 1.40 × | met |"


def test_the_runner_quotes_the_lines_of_a_benchmark_that_leaves_no_rows(script, tmp_path):
    other = tmp_path / "other.py"
    other.write_text("print('ten photos: 1 s')\nraise SystemExit(1)", "utf-8")
    assert script("all").outcome(other) == (1, ["| ten photos: 1 s | | | |"])


def test_percentiles_are_values_that_were_measured(script):
    percentile = script("common").percentile
    assert [percentile([3, 1, 2], percent) for percent in (0, 50, 95, 100)] == [1, 2, 3, 3]
    assert percentile(range(1, 201), 95) == 190


def test_the_ratio_of_starts_is_that_of_the_medians(script):
    start, common = script("start"), script("common")
    found = {name: [common.Server("", None, seconds, seconds, 100) for seconds in (1, 9, 2)] for name in start.KINDS}
    found["app"] = [common.Server("", None, 3, 3, 150)]
    first = {row.what: row.value for row in start.rows(found)}
    assert first["Start, without MCP"] == pytest.approx(1.5)
    assert first["Memory, without MCP"] == pytest.approx(1.5)


def test_calls_that_fail_count_as_errors_and_have_no_time(script):
    client = script("client")

    async def call(number):
        if number == 1:
            raise ValueError("full")
        return [0.5]

    loaded = asyncio.run(client.together(3, call))
    assert loaded.seconds == [0.5, 0.5]
    assert loaded.errors == ["ValueError: full"]


def test_a_load_is_told_by_the_median_of_its_turns_and_by_every_error(script):
    load, client = script("load"), script("client")
    turns = [client.Loaded([p95], errors, wall=10.0) for p95, errors in ((1.0, []), (9.0, ["full"]), (2.0, []))]
    rows = load._rows("calls", [load.Outcome(turn, cpu=0.5, peak=10**8) for turn in turns], 5.0)
    assert [row.value for row in rows] == [2.0, 1, 500.0, 100.0]
    assert [row.verdict for row in rows] == ["met", "MISSED", "", ""]


def test_only_a_completed_stream_is_an_answer(script):
    completed = script("client").completed
    assert completed('event: heartbeat\ndata: null\n\nevent: complete\ndata: [[], {"status": "completed"}]\n\n')[0] == []
    with pytest.raises(ValueError, match="no prompt"):
        completed('event: error\ndata: {"error": "no prompt"}\n\n')


def test_bytes_of_pictures_are_counted_apart(script):
    traffic = script("page").Traffic()
    for number, kind in enumerate(("Image", "Fetch", "Image")):
        traffic.sent({"requestId": str(number), "type": kind})
        traffic.finished({"requestId": str(number), "encodedDataLength": 10 ** (number + 1)})
    assert (traffic.requests, traffic.pictures, traffic.rest, traffic.total) == (3, 1010, 100, 1110)


def test_the_stand_in_gives_as_many_pictures_as_were_asked_for(script):
    from types import SimpleNamespace

    serve = script("serve")
    job = SimpleNamespace(request=SimpleNamespace(count=3))

    async def made():
        return [event.index async for event in serve.StandIn(0, b"jpeg").make(job)]

    assert asyncio.run(made()) == [0, 1, 2]
    assert Image.open(io.BytesIO(serve.picture(32))).size == (32, 32)


def test_the_files_of_the_benchmarks_platform_are_whole_pictures_and_no_two_alike(script):
    platform, jpeg = script("overhead_platform"), script("serve").picture(32)
    made = [files[index] for files in (platform.Files(jpeg), platform.Files(jpeg)) for index in files]
    assert len(set(made)) == len(made) == 30
    for data in made:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            assert image.size == (32, 32)


def test_jobs_that_are_compared_take_equally_long_and_the_next_ones_otherwise(script):
    from types import SimpleNamespace

    given = SimpleNamespace(side=0, keys=2, first_byte=0.0, seconds=2.0, jitter=1.0, alike=4)
    platform = script("overhead_platform").Platform(given)
    durations = [platform.next_script().duration for _ in range(40)]
    assert [len(set(durations[at : at + 4])) for at in range(0, 40, 4)] == [1] * 10
    assert sum(durations) / 40 == pytest.approx(2.5, abs=0.1)
    assert script("overhead_platform").key(1) in platform.accounts


def test_the_app_is_judged_by_its_median_against_the_sdks(script):
    found = {"this app": [0.5, 9.0, 0.6], "SDK": [1.0, 1.0, 1.2]}
    rows = {row.what: row for row in script("overhead").latency_rows("4 × 2K", found)}
    ratio = rows["4 × 2K: this app against the SDK"]
    assert (ratio.value, ratio.verdict) == (0.6, "met")


def test_the_ways_that_are_compared_bring_every_image(script, monkeypatch):
    """With light pictures and short jobs; the official SDK, this app and the small Gradio app, each from the first call."""
    overhead, common = script("overhead"), script("common")
    monkeypatch.setenv("WAVESPEED_BASE_URL", "")
    monkeypatch.setenv("WAVESPEED_LEVEL", "")
    with overhead.platform(seconds=0.05) as url, common.serving("app") as app, overhead.yardstick_server() as other:
        for make in overhead.ways(url, app.url, other.url).values():
            assert asyncio.run(make("2K", 4)) > 100_000
        assert overhead.finished_at(url) > 0


def test_a_job_of_seventy_seconds_is_asked_after_at_most_forty_times(script):
    overhead = script("overhead")
    gets, late = asyncio.run(overhead.followed(overhead.LONG_JOB, overhead.Usual(overhead.LONG_JOB)))
    assert 5 < gets <= overhead.GETS
    assert 0 <= late < 5


def test_what_the_benchmark_presses_and_counts_is_on_the_page(script):
    page = script("page")
    written = "".join(path.read_text("utf-8") for path in WEB.glob("*.js"))
    selectors = re.findall(r'querySelector(?:All)?\("([^"]+)"\)', page.READY + page.PRESS_PLUS + page.PRESS_GENERATE)
    for name in re.findall(r"[.#](\w+)", " ".join(re.sub(r":[\w-]+(\(.*?\))?", "", selector) for selector in selectors)):
        assert re.search(rf"(class|id)=[\"$]?[^>]*\b{name}\b", written), name
    assert "studio.draft.v1" in page.LARGE_SET
    assert "studio.draft.v1" in written


def test_the_callers_find_the_composer_and_its_draft_in_the_config(script):
    from seedream_ui.ui import build_app

    config = build_app().get_config_file()
    composer, draft = script("client").page_draft(config)
    functions = next(found for found in config["components"] if found["id"] == composer)["props"]["server_fns"]
    assert {"describe_draft", "start_run", "follow_run"} <= set(functions)
    assert all("thumb" not in reference for reference in draft["references"])
