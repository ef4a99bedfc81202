// One set in the history.
import { pin, remove, rename } from "./past.js";
import { exportSet, open, remix, ticking } from "./runs.js";
import { useStore } from "./store.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import words from "./words.js";

const SHOWN = 4; // thumbnails

export function Entry({ entry }) {
  const { runs } = useStore();
  const [doing, setDoing] = useState(null); // "naming" or "deleting"
  const [busy, setBusy] = useState(false);
  const tools = useRef(null);
  const run = entry.open ? runs[entry.id] : null; // the live one
  const done = () => {
    const what = doing;
    setDoing(null);
    requestAnimationFrame(() => tools.current?.querySelector(`[data-does=${what}]`)?.focus());
  };
  const zip = async () => {
    setBusy(true);
    await exportSet(entry, "zip");
    setBusy(false);
  };
  const made = run?.returned ?? entry.returned;
  const tool = (label, act, rest = {}) => html`<button type="button" class="quiet" onClick=${act} ...${rest}>${label}</button>`;
  return html`<li class="entry ${entry.status}" aria-label=${entry.title}>
    <${Strip} entry=${entry} run=${run} />
    <div class="entry-words">
      ${doing === "naming"
        ? html`<${Name} entry=${entry} onDone=${done} />`
        : html`<h4 class="entry-title" dir="auto"><button type="button" onClick=${() => open(entry.id)}>${entry.title}</button></h4>`}
      <${Line} entry=${entry} run=${run} />
      ${doing === "deleting" ? html`<${Sure} entry=${entry} onDone=${done} />` : html`<div ref=${tools} class="entry-tools" role="group" aria-label=${words.history.tools}>
        ${tool(words.history.open, () => open(entry.id))}
        ${tool(words.history.remix, () => remix(entry.id))}
        ${made > 0 && tool(busy ? words.stage.preparing : words.history.zip, zip, { disabled: busy })}
        ${tool(words.history.rename, () => setDoing("naming"), { "data-does": "naming" })}
        ${tool(entry.pinned ? words.history.unpin : words.history.pin, () => pin(entry.id, !entry.pinned), { "aria-pressed": entry.pinned, title: words.history.pinHint })}
        ${!entry.open && tool(words.history.delete, () => setDoing("deleting"), { "data-does": "deleting" })}
      </div>`}
    </div>
  </li>`;
}

function Strip({ entry, run }) {
  const thumbs = run ? run.frames.map(frame => frame.thumb).filter(Boolean) : entry.thumbs;
  const places = Math.min(entry.count, SHOWN);
  const more = entry.count - SHOWN;
  return html`<button type="button" class="strip" tabindex="-1" aria-hidden="true" style=${{ "--ratio": entry.ratio, "--places": places }} onClick=${() => open(entry.id)}>
    ${Array.from({ length: places }, (_, i) => html`<span key=${i} class="strip-frame ${thumbs[i] ? "" : entry.open && !entry.needs_key ? "making" : "missing"}">
      ${thumbs[i] && html`<img src=${thumbs[i]} alt="" loading="lazy" decoding="async" />`}
      ${i === SHOWN - 1 && more > 0 && html`<b>+${more}</b>`}
    </span>`)}
  </button>`;
}

function Line({ entry, run }) {
  const [, tick] = useState(0);
  const live = ticking(run);
  useEffect(() => {
    const timer = setInterval(() => tick(n => n + 1), live ? 1000 : 60_000);
    return () => clearInterval(timer);
  }, [live]);
  const seconds = live ? run.seconds + (performance.now() - run.received) / 1000 : entry.seconds;
  const at = new Date(entry.at);
  const parts = [
    html`<span class="word">${live && run.running ? run.short : entry.word}</span>`,
    entry.made,
    html`<span title=${entry.sequence ? words.seq.on : words.seq.off}>${entry.images}</span>`,
    html`<span title=${entry.cost}>${entry.price}</span>`,
    html`<time datetime=${entry.at} title=${words.exactly(at)}>${words.ago(at)}</time>`,
    live || !entry.open ? words.history.seconds(seconds) : null,
    entry.pinned ? words.history.pinned : null,
  ];
  return html`<p class="entry-line">${parts.filter(Boolean).map((part, i) => html`${i > 0 && " · "}${part}`)}</p>`;
}

function Name({ entry, onDone }) {
  const [text, setText] = useState(entry.title);
  const box = useRef(null);
  useLayoutEffect(() => box.current.select(), []);
  const saved = async event => {
    event.preventDefault();
    if (text.trim() === entry.title || (await rename(entry.id, text))) onDone();
  };
  return html`<form class="entry-name" onSubmit=${saved} onKeyDown=${event => event.key === "Escape" && onDone()}>
    <input ref=${box} type="text" maxlength="120" value=${text} dir="auto" aria-label=${words.history.name} onInput=${event => setText(event.target.value)} />
    <button class="secondary">${words.history.saveName}</button>
    <button type="button" class="quiet" onClick=${onDone}>${words.history.cancel}</button>
  </form>`;
}

function Sure({ entry, onDone }) {
  const first = useRef(null);
  const [busy, setBusy] = useState(false);
  useLayoutEffect(() => first.current.focus(), []);
  const act = async () => {
    setBusy(true);
    await remove(entry.id);
    setBusy(false);
    document.querySelector(".history-title")?.focus(); // what had it is gone
  };
  return html`<div class="entry-sure" role="group" aria-label=${words.history.sure(entry.returned)} onKeyDown=${event => event.key === "Escape" && onDone()}>
    <p>${words.history.sure(entry.returned)}</p>
    <button type="button" class="secondary bad" disabled=${busy} onClick=${act}>${words.history.reallyDelete}</button>
    <button ref=${first} type="button" class="quiet" onClick=${onDone}>${words.history.keep}</button>
  </div>`;
}
