"""The programs around a request at WaveSpeedAI. `‹name›` is filled in.

All keep to the same rules: a job is sent once, since one whose answer is lost may be made and paid all the same; looks at it
are repeated until it has ended; the key goes to the platform alone, not to where the images lie.
"""

# ------------------------------------------------------------------------------------------------------------------ cURL
# The answers are flat enough for bash's own patterns; nothing but curl has to be installed. All of it stands in a subshell, so
# that a failure ends that, and not the terminal into which it was pasted.

CURL = r"""#!/usr/bin/env bash
# ‹about›
(
set -euo pipefail
: "${WAVESPEED_API_KEY:?Set it to your key from wavespeed.ai/accesskey}"
API=${WAVESPEED_BASE_URL:-‹host›}/api/v3
SAVED=0

call() {  # an answer of the platform; fails with its own words where that is a no
  local answer
  answer=$(curl -sS -H "Authorization: Bearer $WAVESPEED_API_KEY" "$@") || return
  [[ $answer =~ \"code\":\ *200[,}] ]] || { echo "WaveSpeedAI: ${answer:-no answer}" >&2; return 1; }
  echo "$answer"
}

field() {  # the text of a field in an answer
  local pattern='"'$1'": *"(([^"\]|\\.)*)"'
  [[ $2 =~ $pattern ]] && echo "${BASH_REMATCH[1]}"
}
‹upload›
follow() {  # the answer that has a job's images, or its failure
  local answer
  while :; do
    answer=$(call -f --retry 8 --retry-connrefused "$API/predictions/$1/result") || return
    case $(field status "$answer") in
      completed) echo "$answer"; return ;;
      failed | cancelled | timeout | deleted) echo "WaveSpeedAI: $answer" >&2; return 1 ;;
    esac
    sleep 2
  done
}

make() {  # one job: sent once (without an answer it may still be made, and paid), followed, saved
  local answer job url name
  answer=$(call "$API/$1" -H "Content-Type: application/json" --data-binary @-)
  job=$(field id "$answer")
  echo "Job $job"
  answer=$(follow "$job")
  [[ $answer =~ \"outputs\":\ *\[([^]]*)\] ]]
  while read -r url; do
    printf -v name "output-%02d.‹suffix›" $((++SAVED))
    curl -sSfL --retry 5 -o "$name" "$url"
    echo "$name"
  done < <(grep -o 'http[^"]*' <<< "${BASH_REMATCH[1]}" | sed 's/\\u0026/\&/g; s/\\//g')
}

‹images›‹jobs›)
"""
CURL_UPLOAD = r"""
upload() {
  local answer
  answer=$(call -F "file=@$1" "$API/media/upload/binary") || return
  field download_url "$answer"
}
"""
CURL_IMAGE = """\
IMAGE_{}=$(upload {})
"""
CURL_JOB = """\
make {} <<{}
{}
JSON
"""

# ---------------------------------------------------------------------------------------------------------------- Python

HTTPX = r'''# ‹about›
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx

key = os.environ.get("WAVESPEED_API_KEY") or sys.exit("WAVESPEED_API_KEY is not set.")
api = httpx.Client(
    base_url=os.environ.get("WAVESPEED_BASE_URL", "‹host›") + "/api/v3",
    headers={"Authorization": f"Bearer {key}"},
    timeout=120,
)


def data(reply):
    """What the platform answered; where that is a no, the end, with its own words."""
    try:
        answer = reply.json()
    except ValueError:
        answer = {"message": reply.text}
    if answer.get("code") != 200:
        sys.exit(f"WaveSpeedAI: {answer.get('message')} (HTTP {reply.status_code})")
    return answer["data"]

‹upload›
def make(body):
    """The addresses of a job's images. It is sent once: without an answer it may still be made, and paid."""
    job = data(api.post("/‹endpoint›", json=body))["id"]
    print("Job", job)
    while True:
        with suppress(httpx.TransportError):  # a look may fail, the job goes on
            reply = api.get(f"/predictions/{job}/result")
            if reply.status_code not in (429, 500, 502, 503, 504):
                made = data(reply) or {}
                if made.get("status") == "completed":
                    return made["outputs"]
                if made.get("status") in ("failed", "cancelled", "timeout", "deleted"):
                    sys.exit(f"WaveSpeedAI: {made['status']}: {made.get('error')} (job {job})")
        time.sleep(2)


‹images›‹urls›
for number, url in enumerate(urls, 1):
    image = httpx.get(url, follow_redirects=True, timeout=120).raise_for_status()
    name = f"output-{number:02}.‹suffix›"
    Path(name).write_bytes(image.content)
    print(name)
'''
HTTPX_UPLOAD = r"""
def upload(name):
    with open(name, "rb") as file:
        return data(api.post("/media/upload/binary", files={"file": file}))["download_url"]

"""
PYTHON_IMAGES = """\
images = [upload(name) for name in ‹files›]
"""

PYTHON_SDK = r'''# ‹about›
import os
import sys
from pathlib import Path

import requests
from wavespeed import Client

client = Client(base_url=os.environ.get("WAVESPEED_BASE_URL"))  # takes the key from WAVESPEED_API_KEY


def make(body):
    """The addresses of a job's images. It is sent once."""
    made = client.run_no_throw("‹endpoint›", body, poll_interval=2)
    if made["error"]:
        sys.exit(f"WaveSpeedAI: {made['error']} (job {made['task_id']})")
    return made["outputs"]


‹sdk_images›‹urls›
for number, url in enumerate(urls, 1):
    image = requests.get(url, timeout=120)
    image.raise_for_status()
    name = f"output-{number:02}.‹suffix›"
    Path(name).write_bytes(image.content)
    print(name)
'''
PYTHON_SDK_IMAGES = """\
try:
    images = [client.upload(name) for name in ‹files›]
except RuntimeError as error:
    sys.exit(f"WaveSpeedAI: {error}")
"""
PYTHON_GROUP = "urls = make(‹body›)"
PYTHON_SINGLES = """\
prompts = ‹prompts›
# A job for each image, one after the other.
urls = (url for prompt in prompts for url in make(‹body›))"""

# ------------------------------------------------------------------------------------------------------------ JavaScript

FETCH = r"""// ‹about›
import { ‹imports› } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const api = `${process.env.WAVESPEED_BASE_URL ?? "‹host›"}/api/v3`;
const headers = { Authorization: `Bearer ${process.env.WAVESPEED_API_KEY || fail("WAVESPEED_API_KEY is not set.")}` };

function fail(message) {
  console.error(`WaveSpeedAI: ${message}`);
  process.exit(1);
}

// What the platform answered; where that is a no, the end, with its own words.
async function data(reply) {
  const text = await reply.text();
  let answer = { message: text };
  try {
    answer = JSON.parse(text);
  } catch {}
  if (answer.code !== 200) fail(`${answer.message} (HTTP ${reply.status})`);
  return answer.data;
}
‹upload›
// The addresses of a job's images. It is sent once: without an answer it may still be made, and paid.
async function make(body) {
  const { id } = await data(
    await fetch(`${api}/‹endpoint›`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
  console.log("Job", id);
  for (;; await sleep(2000)) {
    const reply = await fetch(`${api}/predictions/${id}/result`, { headers }).catch(() => null);
    if (!reply || [429, 500, 502, 503, 504].includes(reply.status)) continue; // a look may fail, the job goes on
    const made = await data(reply);
    if (made?.status === "completed") return made.outputs;
    if (["failed", "cancelled", "timeout", "deleted"].includes(made?.status)) fail(`${made.status}: ${made.error} (job ${id})`);
  }
}

‹save›
‹images›‹made›"""
FETCH_UPLOAD = r"""
async function upload(name) {
  const body = new FormData();
  body.append("file", new Blob([await readFile(name)], { type: name.endsWith(".png") ? "image/png" : "image/jpeg" }), name);
  return (await data(await fetch(`${api}/media/upload/binary`, { method: "POST", headers, body }))).download_url;
}
"""
FETCH_IMAGES = """\
const images = await Promise.all(‹files›.map(upload));
"""

JAVASCRIPT_SDK = r"""// ‹about›
import { writeFile } from "node:fs/promises";
import { Client } from "wavespeed";

const client = new Client(process.env.WAVESPEED_API_KEY, { baseUrl: process.env.WAVESPEED_BASE_URL });

function fail(message) {
  console.error(`WaveSpeedAI: ${message}`);
  process.exit(1);
}

// The addresses of a job's images. It is sent once.
async function make(body) {
  const made = await client.run("‹endpoint›", body, { pollInterval: 2 }).catch((error) => fail(error.message));
  return made.outputs;
}

‹save›
‹sdk_images›‹made›"""
JAVASCRIPT_SDK_IMAGES = """\
const images = await Promise.all(‹files›.map((name) => client.upload(name))).catch((error) => fail(error.message));
"""
JAVASCRIPT_SAVE = r"""let saved = 0;
async function save(urls) {
  for (const url of urls) {
    const image = await fetch(url);
    if (!image.ok) fail(`HTTP ${image.status} for ${url}`);
    const name = `output-${String(++saved).padStart(2, "0")}.‹suffix›`;
    await writeFile(name, Buffer.from(await image.arrayBuffer()));
    console.log(name);
  }
}
"""
JAVASCRIPT_GROUP = """\
await save(await make(‹body›));
"""
JAVASCRIPT_SINGLES = """\
const prompts = ‹prompts›;
// A job for each image, one after the other.
for (const prompt of prompts) await save(await make(‹body›));
"""
