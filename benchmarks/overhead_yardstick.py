"""What one writes first: the official SDK behind a Gradio page. Address of the platform: `WAVESPEED_BASE_URL`."""

import os
import tempfile
from pathlib import Path

import gradio as gr
import requests
import wavespeed


def make(key: str, prompt: str, size: str, count: int, keep: bool) -> list[str]:
    client = wavespeed.Client(api_key=key, base_url=os.environ["WAVESPEED_BASE_URL"])
    body = {"prompt": prompt, "size": size, "max_images": int(count)}
    urls = list(client.run("bytedance/seedream-v4/sequential", body)["outputs"])
    if not keep:
        return urls
    folder = Path(tempfile.mkdtemp())
    files = [folder / f"{number}.jpeg" for number in range(len(urls))]
    for url, file in zip(urls, files, strict=True):
        file.write_bytes(requests.get(url, timeout=60).content)
    return [str(file) for file in files]


def main() -> None:
    inputs = [gr.Textbox(), gr.Textbox(), gr.Textbox(), gr.Number(4), gr.Checkbox()]
    demo = gr.Interface(make, inputs, gr.Gallery(), api_name="make", concurrency_limit=None)
    demo.launch(max_threads=int(os.environ.get("YARDSTICK_THREADS", "40")), quiet=True)


if __name__ == "__main__":
    main()
