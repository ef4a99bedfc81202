"""The request as code that runs: this app's own `/generate` as cURL, Python and JavaScript."""

import json
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from seedream_ui.arguments import to_arguments
from seedream_ui.request import SequenceRequest

__all__ = ["Snippet", "snippets"]


@dataclass(frozen=True)
class Snippet:
    """`language` is a name for people; `needs` says what to have at hand before running it."""

    language: str
    code: str
    needs: str


def snippets(request: SequenceRequest, origin: str) -> tuple[Snippet, ...]:
    """The request as cURL, Python and JavaScript against the app at `origin` (such as `http://127.0.0.1:7860`).

    References are read from the working directory as `image-1.jpg`, `image-2.png`, …; the set is saved there too.
    """
    app, files = origin.rstrip("/"), _file_names(request)
    at_hand = f"{', '.join(files)} in the working directory; " if files else ""
    arguments = to_arguments(request)
    return (
        Snippet("cURL", _curl(arguments, app, files), f"{at_hand}bash and curl"),
        Snippet("Python", _python(arguments, app, files), f"{at_hand}pip install gradio_client"),
        Snippet("JavaScript", _javascript(arguments, app, files), f"{at_hand}Node 20 or newer, saved as make.mjs"),
    )


def _file_names(request: SequenceRequest) -> list[str]:
    suffix = {"image/jpeg": "jpg", "image/png": "png"}
    return [f"image-{i}.{suffix[reference.media_type]}" for i, reference in enumerate(request.references, 1)]


@dataclass(frozen=True)
class _Notation:
    """How a language writes values and the keys of mappings. A JSON text is a text in Python and JavaScript, too."""

    value: Callable[[Any], str]
    key: Callable[[str], str]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_AS_JSON = _Notation(_json, _json)
_AS_JAVASCRIPT = _Notation(_json, str)
_AS_PYTHON = _Notation(lambda value: _json(value) if isinstance(value, str) else repr(value), _json)

_WIDTH = 100


def _written(value: Any, notation: _Notation, indent: int) -> str:
    """The value on one line, or with one line for each of its parts where it is too long."""
    if isinstance(value, dict):
        parts = [f"{notation.key(name)}: {_written(part, notation, indent + 2)}" for name, part in value.items()]
        start, end = "{}"
    elif isinstance(value, list):
        parts = [_written(part, notation, indent + 2) for part in value]
        start, end = "[]"
    else:
        return notation.value(value)
    if sum(len(part) + 2 for part in parts) + indent <= _WIDTH:
        return start + ", ".join(parts) + end
    return start + ",".join(f"\n{' ' * (indent + 2)}{part}" for part in parts) + f"\n{' ' * indent}{end}"


def _body(arguments: dict[str, Any], notation: _Notation, indent: int) -> list[str]:
    """The arguments as the lines of a mapping."""
    return [f"{' ' * indent}{notation.key(name)}: {_written(value, notation, indent)}" for name, value in arguments.items()]


# ------------------------------------------------------------------------------------------------------------------ cURL
# The replies are so plain that grep and cut read them; nothing else has to be installed. `tee` shows what the app says.

_CURL = """\
APP={app}
{uploads}
EVENT=$(curl -sSf "$APP/gradio_api/call/v2/generate" -H "Content-Type: application/json" -d @- <<{mark} | cut -d'"' -f4
{{
{body}
}}
JSON
)
curl -sSfN "$APP/gradio_api/call/v2/generate/$EVENT" | tee /dev/stderr |
  grep -o '"url": *"[^"]*' | cut -d'"' -f4 | xargs -n 1 curl -sSf --remote-name
"""
_CURL_UPLOAD = """\
IMAGE_{i}=$(curl -sSf "$APP/gradio_api/upload" -F files=@{name} | cut -d'"' -f2)
"""


def _curl(arguments: dict[str, Any], app: str, files: Sequence[str]) -> str:
    uploads = "".join(_CURL_UPLOAD.format(i=i, name=name) for i, name in enumerate(files, 1))
    lines, mark = _body(arguments, _AS_JSON, 2), "'JSON'"
    if files:  # without the quotes the shell fills in the paths, and would fill in more
        paths = [{"path": f"$IMAGE_{i}"} for i, _ in enumerate(files, 1)]
        lines, mark = [_unexpanded(line) for line in lines] + _body({"references": paths}, _AS_JSON, 2), "JSON"
    return _CURL.format(app=shlex.quote(app), uploads=uploads, body=",\n".join(lines), mark=mark)


def _unexpanded(text: str) -> str:
    """The text so that a here-document gives it as it is: a backslash before `$`, backquotes and each of two backslashes."""
    return re.sub(r"\\\\|[$`]", lambda found: "".join(f"\\{character}" for character in found[0]), text)


# ---------------------------------------------------------------------------------------------------------------- Python

_PYTHON = """\
import shutil

from gradio_client import Client{imports}

client = Client({app})
images, record = client.predict(
{arguments}
    api_name="/generate",
)
for image in images:
    print(shutil.copy(image, "."))
print(record["error"] or record["status"])
"""


def _python(arguments: dict[str, Any], app: str, files: Sequence[str]) -> str:
    said = [f"    {name}={_written(value, _AS_PYTHON, 4)}," for name, value in arguments.items()]
    if files:
        said.append(f"    references=[{', '.join(f'handle_file({_json(name)})' for name in files)}],")
    return _PYTHON.format(imports=", handle_file" if files else "", app=_json(app), arguments="\n".join(said))


# ------------------------------------------------------------------------------------------------------------ JavaScript

_JAVASCRIPT = """\
import {{ {imports} }} from "node:fs/promises";

const app = {app};
{uploads}
const call = await fetch(`${{app}}/gradio_api/call/v2/generate`, {{
  method: "POST",
  headers: {{ "Content-Type": "application/json" }},
  body: JSON.stringify({{
{body},
  }}),
}});
const {{ event_id }} = await call.json();
const events = await (await fetch(`${{app}}/gradio_api/call/v2/generate/${{event_id}}`)).text();
const [, outcome, data] = events.match(/^event: (complete|error)\\ndata: (.*)$/m);
if (outcome === "error") throw new Error(JSON.parse(data).error);

const [images, record] = JSON.parse(data);
for (const {{ url, orig_name }} of images) {{
  await writeFile(orig_name, Buffer.from(await (await fetch(url)).arrayBuffer()));
  console.log(orig_name);
}}
console.log(record.error ?? record.status);
"""
_JAVASCRIPT_UPLOADS = """
const references = [];
for (const name of {files}) {{
  const form = new FormData();
  form.append("files", new Blob([await readFile(name)]), name);
  const [path] = await (await fetch(`${{app}}/gradio_api/upload`, {{ method: "POST", body: form }})).json();
  references.push({{ path, orig_name: name }});
}}
"""


def _javascript(arguments: dict[str, Any], app: str, files: Sequence[str]) -> str:
    lines = _body(arguments, _AS_JAVASCRIPT, 4) + ["    references"] * bool(files)
    return _JAVASCRIPT.format(
        imports="readFile, writeFile" if files else "writeFile",
        app=_json(app),
        uploads=_JAVASCRIPT_UPLOADS.format(files=json.dumps(files)) if files else "",
        body=",\n".join(lines),
    )
