"""The request as code that runs: this app's own `/generate` as cURL, Python and JavaScript."""

import json
import pprint
import shlex
from dataclasses import dataclass
from typing import Any

from seedream_ui.request import ExactSize, SequenceRequest

__all__ = ["Snippet", "arguments", "snippets"]


@dataclass(frozen=True)
class Snippet:
    """`language` is a name for people; `needs` says what to have at hand before running it."""

    language: str
    code: str
    needs: str


def snippets(request: SequenceRequest, origin: str) -> tuple[Snippet, ...]:
    """The request as cURL, Python and JavaScript against the app at `origin` (such as `http://127.0.0.1:7860`).

    References are read from the working directory as `image-1.jpg`, `image-2.png`, ….
    """
    origin, files = origin.rstrip("/"), _file_names(request)
    at_hand = f"{', '.join(files)} in the working directory; " if files else ""
    return (
        Snippet("cURL", _curl(request, origin, files), f"{at_hand}curl and python3"),
        Snippet("Python", _python(request, origin, files), f"{at_hand}pip install gradio_client"),
        Snippet("JavaScript", _javascript(request, origin, files), f"{at_hand}Node 20 or newer, saved as make.mjs"),
    )


def arguments(request: SequenceRequest) -> dict[str, Any]:
    """The arguments of `/generate` that say the same as the request; defaults and references are left out."""
    size = request.size
    options: dict[str, Any] = dict(request.options)
    if request.prompt_override is not None:
        options["prompt_override"] = request.prompt_override
    if any(reference.label for reference in request.references):
        options["labels"] = [reference.label for reference in request.references]
    said = {
        "panels": [panel.text for panel in request.panels],
        "sequence": request.sequence,
        "size": f"{size.width}*{size.height}" if isinstance(size, ExactSize) else size.tier,
        "aspect_ratio": "1:1" if isinstance(size, ExactSize) else size.aspect_ratio,
        "platform": request.platform,
        "model": request.model,
        "seed": request.seed,
        "options": options,
    }
    different = {name: value for name, value in said.items() if value != _DEFAULTS[name]}
    return {"prompt": request.prompt, "count": request.count} | different


_DEFAULTS = {
    "panels": [],
    "sequence": True,
    "size": "2K",
    "aspect_ratio": "1:1",
    "platform": "sketch",
    "model": "",
    "seed": None,
    "options": {},
}


def _file_names(request: SequenceRequest) -> list[str]:
    suffix = {"image/jpeg": "jpg", "image/png": "png"}
    return [f"image-{i}.{suffix[reference.media_type]}" for i, reference in enumerate(request.references, 1)]


def _curl(request: SequenceRequest, origin: str, files: list[str]) -> str:
    body = json.dumps(arguments(request), ensure_ascii=False, indent=2)
    lines = ["set -eu", f"APP={shlex.quote(origin)}"]
    fields = ""
    for i, name in enumerate(files, 1):
        lines.append(f'REF{i}=$(curl -sSf -F "files=@{name}" "$APP/gradio_api/upload" | python3 -c {shlex.quote(_FIRST)})')
        fields += f'{", " if i > 1 else ""}{{"path": "\'"$REF{i}"\'", "orig_name": "{name}", "meta": {{"_type": "gradio.FileData"}}}}'
    quoted = shlex.quote(body[:-2] + (",\n  @REFERENCES@" if files else "") + "\n}")
    quoted = quoted.replace("@REFERENCES@", f'"references": [{fields}]')
    lines += [
        'EVENT=$(curl -sSf -X POST "$APP/gradio_api/call/v2/generate" -H "Content-Type: application/json" \\',
        f"  -d {quoted} | python3 -c {shlex.quote(_EVENT)})",
        'curl -sSfN "$APP/gradio_api/call/v2/generate/$EVENT" | python3 -c ' + shlex.quote(_URLS) + " | while read -r URL NAME; do",
        '  curl -sSf -o "$NAME" "$URL" && echo "$NAME"',
        "done",
    ]
    return "\n".join(lines) + "\n"


_FIRST = "import json, sys; print(json.load(sys.stdin)[0])"
_EVENT = 'import json, sys; print(json.load(sys.stdin)["event_id"])'
_URLS = """
import json, sys
event = ""
for line in sys.stdin:
    if line.startswith("event:"):
        event = line[6:].strip()
    elif line.startswith("data:") and event == "complete":
        for image in json.loads(line[5:])[0]:
            print(image["url"], image["orig_name"])
    elif line.startswith("data:") and event == "error":
        sys.exit("refused: " + line[5:].strip())
"""


def _python(request: SequenceRequest, origin: str, files: list[str]) -> str:
    said = [f"    {name}={_literal(value)}," for name, value in arguments(request).items()]
    if files:
        said.append(f"    references=[{', '.join(f'handle_file({name!r})' for name in files)}],")
    return "\n".join(
        [
            "import shutil",
            "",
            f"from gradio_client import Client{', handle_file' if files else ''}",
            "",
            f"client = Client({origin!r})",
            "images, record = client.predict(",
            *said,
            '    api_name="/generate",',
            ")",
            'for image, panel in zip(images, (p for p in record["panels"] if p["file"])):',
            '    shutil.copy(image if isinstance(image, str) else image["path"], panel["file"])',
            '    print(panel["file"])',
            "",
        ]
    )


def _literal(value: Any) -> str:
    return pprint.pformat(value, width=100, sort_dicts=False).replace("\n", "\n    ")


def _javascript(request: SequenceRequest, origin: str, files: list[str]) -> str:
    body = json.dumps(arguments(request), ensure_ascii=False, indent=2)
    uploads = _JS_UPLOADS.format(files=json.dumps(files)) if files else ""
    references = "\nbody.references = references;" if files else ""
    reads = "readFile, writeFile" if files else "writeFile"
    return _JS.format(origin=json.dumps(origin), body=body, uploads=uploads, references=references, reads=reads)


_JS_UPLOADS = """
const references = [];
for (const name of {files}) {{
  const form = new FormData();
  form.append("files", new Blob([await readFile(name)]), name);
  const [path] = await (await fetch(`${{app}}/gradio_api/upload`, {{ method: "POST", body: form }})).json();
  references.push({{ path, orig_name: name, meta: {{ _type: "gradio.FileData" }} }});
}}
"""

_JS = """import {{ {reads} }} from "node:fs/promises";

const app = {origin};
const body = {body};
{uploads}{references}
const call = await fetch(`${{app}}/gradio_api/call/v2/generate`, {{
  method: "POST",
  headers: {{ "Content-Type": "application/json" }},
  body: JSON.stringify(body),
}});
const {{ event_id }} = await call.json();
const stream = await (await fetch(`${{app}}/gradio_api/call/v2/generate/${{event_id}}`)).text();
const [, event, data] = stream.match(/event: (complete|error)\\ndata: (.*)/);
if (event === "error") throw new Error(data);
for (const image of JSON.parse(data)[0]) {{
  await writeFile(image.orig_name, Buffer.from(await (await fetch(image.url)).arrayBuffer()));
  console.log(image.orig_name);
}}
"""
