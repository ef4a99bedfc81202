// The right side: the set, on a light table. The same frames before, during and after a run.
import { History } from "./history.js";
import { Icon } from "./icons.js";
import { Paste } from "./keys.js";
import { CAPTION, GAP, fit, ratioOf, thread } from "./layout.js";
import { More } from "./more.js";
import { comparable, comparedRun, exportSet, goOnWith, kindOf, lookAgain, nameOf, remix, save, shownRun, stop, submitAgain, ticking, useAsReference, vary } from "./runs.js";
import { set, state, useStore } from "./store.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import words from "./words.js";

export function Stage() {
  const { draft, boot, place } = useStore();
  if (!draft) return null;
  if (place === "history") return html`<div class="stage" role="region" aria-label=${words.history.title}><${History} /></div>`;
  const run = shownRun();
  const other = comparedRun();
  return html`<div class="stage" role="region" aria-label=${words.stage.title}>
    <${Takes} />
    ${other && html`<${Table} key="other" run=${other} share=${2} titled />`}
    <${Table} key="shown" run=${run} share=${other ? 2 : 1} titled=${Boolean(other)} below=${run?.needs_key ? KEY_ROOM : 0} />
    <${Status} run=${run} />
    <${Actions} run=${run} />
    <${More} run=${run} />
    <footer class="legal">${words.footer(boot.keep_days)}</footer>
  </div>`;
}

// Earlier sets of this browser, beside the frames of the next one.
function Takes() {
  const { takes, runs, shown, comparing } = useStore();
  const known = takes.filter(id => runs[id]);
  const tab = (id, content, label) => html`<button key=${id} type="button" class="take ${id}" aria-pressed=${shown === id} aria-label=${label} onClick=${() => set({ shown: id })}>${content}</button>`;
  const strip = useRef(null);
  useEffect(() => { // along the strip only: the page itself stays where it is
    const chosen = strip.current.querySelector("[aria-pressed=true]");
    if (chosen) strip.current.scrollLeft = chosen.offsetLeft - strip.current.offsetLeft - (strip.current.clientWidth - chosen.offsetWidth) / 2;
  }, [shown, known.length]);
  return html`<nav class="takes" ref=${strip} aria-label=${words.stage.takes}>
    ${known.map(id => {
      const run = runs[id];
      const pictures = html`<span class="take-strip">${run.frames.slice(0, 4).map(frame => (frame.thumb ? html`<img src=${frame.thumb} alt="" loading="lazy" />` : html`<i></i>`))}</span>`;
      return tab(id, html`${pictures}<span dir="auto"><span class="take-name">${nameOf(run)}</span><small>${kindOf(run)}</small></span>`, `${nameOf(run)}, ${kindOf(run)}`);
    })}
    ${known.length > 0 && tab("next", html`<span>${words.stage.next}</span>`, words.stage.next)}
    ${comparable() && html`<button type="button" class="quiet" aria-pressed=${comparing} onClick=${() => set({ comparing: !comparing })}>${words.stage.compare}</button>`}
  </nav>`;
}

function framesOf(draft) {
  return Array.from({ length: draft.count }, (_, i) => {
    const { text = "", caption = "" } = draft.panels[i] ?? {};
    return { index: i + 1, state: "draft", caption: caption || text };
  });
}

const named = run => `${nameOf(run)} · ${kindOf(run)}`;
const CHROME = 420; // px above and below the table: header, takes, status, actions, tabs, and the space between them

const ROOM_FOR_A_SENTENCE = 200; // px of a frame's width
const KEY_ROOM = 168; // px more where a key is asked for

// `share` is how many tables share the height of the window; `below` is what else has to find room there.
function Table({ run, share, titled, below = 0 }) {
  const { draft } = useStore();
  const box = useRef(null);
  const [room, setRoom] = useState(null);
  useLayoutEffect(() => {
    const measure = () => {
      const narrow = innerWidth < 900;
      setRoom({ narrow, width: box.current.clientWidth - 2 * GAP, height: Math.max((innerHeight - CHROME - below) / share, 180) });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    addEventListener("resize", measure);
    return () => (observer.disconnect(), removeEventListener("resize", measure));
  }, [share, below]);
  const frames = run?.frames ?? framesOf(draft);
  const ratio = run ? run.width / run.height : ratioOf(draft);
  const sequence = (run ? run.sequence : draft.sequence) && frames.length > 1;
  return html`<div class="table" ref=${box}>${titled && html`<p class="table-name">${named(run)}</p>`}${room && html`<${Frames} ...${{ frames, ratio, sequence, run, room }} />`}</div>`;
}

function Frames({ frames, ratio, sequence, run, room }) {
  const { columns, frame } = room.narrow ? narrowFit(frames.length, ratio, room.width) : fit(frames.length, ratio, room.width, room.height);
  const told = frame >= ROOM_FOR_A_SENTENCE && new Set(frames.map(item => item.error).filter(Boolean)).size > 1; // else the status says it
  const style = { "--frame": `${frame}px`, "--columns": columns, "--ratio": ratio, "--gap": `${GAP}px`, "--caption": `${CAPTION}px` };
  return html`<div class="frames-box ${sequence ? "seq" : "apart"}" style=${style}>
    ${sequence && html`<svg class="thread" aria-hidden="true"><path d=${thread(frames.length, columns, frame, ratio)} /></svg>`}
    <ol class="frames">${frames.map(item => html`<${Frame} key=${item.index} frame=${item} run=${run} told=${told} />`)}</ol>
  </div>`;
}

function narrowFit(count, ratio, width) {
  const columns = count === 1 || ratio > 1.9 ? 1 : 2;
  return { columns, frame: Math.floor((width - GAP * (columns - 1)) / columns) };
}

// `told` is whether a frame that stays empty says why in full.
function Frame({ frame, run, told }) {
  const { index, state, caption, thumb, error, word, flagged } = frame;
  const inside = thumb
    ? html`<button type="button" class="picture" onClick=${() => set({ viewer: { run, index } })} aria-label=${words.stage.open(index)}>
        <img src=${thumb} alt=${frame.alt} /></button>`
    : html`<div class="blank ${state}">${word && html`<p title=${error ?? ""}>${told && error ? error : html`${word}${error && html`<span class="sr">. ${error}</span>`}`}</p>`}</div>`;
  return html`<li class="frame ${state}">
    <div class="frame-box">
      ${inside}
      ${flagged && html`<span class="flag">${words.stage.flagged}</span>`}
      ${thumb && html`<div class="frame-tools">
        <button type="button" onClick=${() => save(frame.file, frame.name)} aria-label=${words.stage.download(index)} title=${words.stage.download(index)}><${Icon} name="download" /></button>
        <button type="button" onClick=${() => useAsReference(run, index)} aria-label=${words.stage.use(index)} title=${words.stage.use(index)}><${Icon} name="reference" /></button>
      </div>`}
    </div>
    <p class="edge"><b>${index}</b><span dir="auto">${caption}</span></p>
  </li>`;
}

// One sentence on how things stand; its seconds are counted here.
function Status({ run }) {
  const { draft, view } = useStore();
  const [, tick] = useState(0);
  useEffect(() => {
    if (!ticking(run)) return undefined;
    const timer = setInterval(() => tick(n => n + 1), 500);
    return () => clearInterval(timer);
  }, [run?.id, ticking(run)]);
  if (!run) {
    const size = view?.size ? ` · ${view.size.width} × ${view.size.height} px` : "";
    return html`<p class="status" role="status">${words.stage.ready(draft.count)}${size}<small>${draft.platform === "sketch" && words.bar.preview}</small></p>`;
  }
  const since = run.received ? (performance.now() - run.received) / 1000 : 0;
  if (run.needs_key) return html`<${Waiting} key=${run.id} run=${run} />`;
  const clock = ticking(run) ? ` · ${Math.round(run.seconds + since)} s${run.usual ? ` · ${words.stage.usual(run.usual)}` : ""}` : "";
  if (run.status === "unknown" || (run.recoverable && !run.open)) return html`<${Unknown} run=${run} />`;
  return html`<p class="status ${run.status}" role="status">${run.sentence}<span aria-hidden="true">${clock}</span><small>${run.preview && words.bar.preview}</small></p>`;
}

// The server was started anew and has no key for what is still to do: it is given right here.
function Waiting({ run }) {
  const { given, view, draft } = useStore();
  const [busy, setBusy] = useState(false);
  const another = given[run.platform] || (draft.platform === run.platform && view?.key?.state === "own");
  const act = async what => {
    setBusy(true);
    await what(run);
    setBusy(false);
  };
  const settled = () => new Promise(resolve => setTimeout(resolve, 1000)); // with the right key the run is on its way by then
  return html`<div class="status key-needed">
    <p role="status">${run.sentence}</p>
    <div class="key-again">
      <${Paste} platform=${run.platform} title=${run.platform_title} whole=${false} onGiven=${settled} />
      ${another && html`<p class="hint">${words.stage.otherKey}</p>`}
      <div class="actions">
        ${another && html`<button type="button" class="secondary" disabled=${busy} onClick=${() => act(goOnWith)}>${words.stage.goOn}</button>`}
        ${!run.stopping && html`<button type="button" class="quiet" disabled=${busy} onClick=${() => act(stop)}>${words.stage.giveUp}</button>`}
      </div>
    </div>
  </div>`;
}

function Unknown({ run }) {
  const [sure, setSure] = useState(false);
  return html`<div class="status ${run.returned ? "" : "unknown"}" role="status">
    <p>${run.sentence}</p>
    <div class="actions">
      <button type="button" class="secondary" disabled=${run.open} onClick=${() => lookAgain(run)}>${run.open ? words.stage.looking : words.stage.lookAgain}</button>
      ${run.status === "unknown" && html`<button type="button" class="secondary" onClick=${() => (sure ? submitAgain(run) : setSure(true))}>${sure ? words.stage.sure : words.stage.submitAgain}</button>`}
    </div>
  </div>`;
}

function Actions({ run }) {
  const [busy, setBusy] = useState(null);
  const exporting = async kind => {
    setBusy(kind);
    await exportSet(run, kind);
    setBusy(null);
  };
  if (!run || run.status === "running" || !run.returned) return html`<div class="actions later"></div>`;
  const made = run.frames.find(frame => frame.thumb);
  const button = kind => html`<button type="button" class="secondary" disabled=${busy === kind} onClick=${() => exporting(kind)}>${busy === kind ? words.stage.preparing : words.stage[kind]}</button>`;
  return html`<div class="actions">
    <button type="button" class="secondary" onClick=${() => set({ viewer: { run, index: made.index, playing: true } })}><${Icon} name="play" />${words.stage.slideshow}</button>
    ${button("zip")}${button("sheet")}${button("pdf")}
    <button type="button" class="secondary" title=${words.stage.varyHint} onClick=${() => vary(run)}><${Icon} name="vary" />${words.stage.vary}</button>
    <button type="button" class="secondary" title=${words.stage.remixHint} onClick=${() => remix(run.id)}>${words.history.remix}</button>
  </div>`;
}
