// One image at a time, over the whole screen; the slideshow is the same, advancing by itself.
import { Icon } from "./icons.js";
import { save, useAsReference } from "./runs.js";
import { set, useStore } from "./store.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import words from "./words.js";

const SECONDS = 4;
const SWIPE = 40; // px
const loaded = new Set();

export function Viewer() {
  const { viewer } = useStore();
  return viewer && html`<${Open} key=${viewer.run.id} viewer=${viewer} />`;
}

function Open({ viewer: { run, index, playing } }) {
  const dialog = useRef(null);
  const made = run.frames.filter(frame => frame.thumb);
  const at = Math.max(made.findIndex(frame => frame.index === index), 0);
  const frame = made[at];
  const show = patch => set({ viewer: { run, index, playing, ...patch } });
  const step = by => show({ index: made[(at + by + made.length) % made.length].index });
  useLayoutEffect(() => dialog.current.showModal(), []);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setTimeout(() => step(1), SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [playing, index]);
  const keys = event => {
    if (event.key === "ArrowRight") step(1);
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === " " && event.target === dialog.current) show({ playing: !playing });
  };
  const touch = useRef(null);
  const swiped = event => {
    const by = event.changedTouches[0].clientX - touch.current;
    if (Math.abs(by) > SWIPE && event.touches.length === 0) step(by < 0 ? 1 : -1);
  };
  const button = (name, label, act) => html`<button type="button" onClick=${act} aria-label=${label} title=${label}><${Icon} name=${name} /></button>`;
  return html`<dialog ref=${dialog} class="viewer" aria-label=${words.viewer.title} onKeyDown=${keys}
    onTouchStart=${event => (touch.current = event.touches.length === 1 && visualViewport.scale === 1 ? event.touches[0].clientX : NaN)} onTouchEnd=${swiped} onClose=${() => set({ viewer: null })}>
    <${Picture} run=${run} frame=${frame} next=${made[(at + 1) % made.length]} />
    <p class="viewer-caption"><b>${frame.index}</b> <span dir="auto">${frame.caption}</span></p>
    <div class="viewer-tools">
      ${button("left", words.viewer.previous, () => step(-1))}
      <span class="viewer-place">${at + 1} / ${made.length}</span>
      ${button("right", words.viewer.next, () => step(1))}
      ${button(playing ? "pause" : "play", playing ? words.viewer.pause : words.viewer.play, () => show({ playing: !playing }))}
      ${button("download", words.viewer.download, () => save(frame.file, frame.name))}
      ${button("reference", words.viewer.use, () => (dialog.current.close(), useAsReference(run, frame.index)))}
      ${button("close", words.viewer.close, () => dialog.current.close())}
    </div>
  </dialog>`;
}

// The small one stands in until the larger one is here.
function Picture({ run, frame, next }) {
  const [url, setUrl] = useState(frame.thumb);
  useEffect(() => {
    let current = true;
    setUrl(loaded.has(frame.middle) ? frame.middle : frame.thumb);
    load(frame.middle).then(() => current && setUrl(frame.middle), () => {});
    load(next.middle).catch(() => {});
    return () => (current = false);
  }, [frame.middle]);
  return html`<img src=${url} alt=${frame.alt} style=${{ aspectRatio: `${run.width} / ${run.height}` }} />`;
}

async function load(url) {
  if (loaded.has(url)) return;
  await Object.assign(new Image(), { src: url }).decode();
  loaded.add(url);
}
