"""This app's own `/generate` as cURL, Python and JavaScript."""

import json
import shlex
from collections.abc import Sequence
from typing import Any

from seedream_ui.arguments import to_arguments
from seedream_ui.request import SequenceRequest
from seedream_ui.snippets.notation import AS_JAVASCRIPT, AS_JSON, AS_PYTHON, Notation, as_json, unexpanded, written
from seedream_ui.snippets.snippet import Snippet, at_hand, file_names

__all__ = ["own_snippets"]


def own_snippets(request: SequenceRequest, origin: str) -> tuple[Snippet, ...]:
    """Against the app at `origin` (such as `http://127.0.0.1:7860`)."""
    app, files = origin.rstrip("/"), file_names(request)
    arguments = to_arguments(request)
    return (
        Snippet("cURL", _curl(arguments, app, files), at_hand(files, "bash and curl")),
        Snippet("Python", _python(arguments, app, files), at_hand(files, "pip install gradio_client")),
        Snippet("JavaScript", _javascript(arguments, app, files), at_hand(files, "Node 20 or newer, saved as make.mjs")),
    )


def _body(arguments: dict[str, Any], notation: Notation, indent: int) -> list[str]:
    """The arguments as the lines of a mapping."""
    return [f"{' ' * indent}{notation.key(name)}: {written(value, notation, indent)}" for name, value in arguments.items()]


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
    lines, mark = _body(arguments, AS_JSON, 2), "'JSON'"
    if files:  # without the quotes the shell fills in the paths, and would fill in more
        paths = [{"path": f"$IMAGE_{i}"} for i, _ in enumerate(files, 1)]
        lines, mark = [unexpanded(line) for line in lines] + _body({"references": paths}, AS_JSON, 2), "JSON"
    return _CURL.format(app=shlex.quote(app), uploads=uploads, body=",\n".join(lines), mark=mark)


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
    said = [f"    {name}={written(value, AS_PYTHON, 4)}," for name, value in arguments.items()]
    if files:
        said.append(f"    references=[{', '.join(f'handle_file({as_json(name)})' for name in files)}],")
    return _PYTHON.format(imports=", handle_file" if files else "", app=as_json(app), arguments="\n".join(said))


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
    lines = _body(arguments, AS_JAVASCRIPT, 4) + ["    references"] * bool(files)
    return _JAVASCRIPT.format(
        imports="readFile, writeFile" if files else "writeFile",
        app=as_json(app),
        uploads=_JAVASCRIPT_UPLOADS.format(files=json.dumps(files)) if files else "",
        body=",\n".join(lines),
    )
