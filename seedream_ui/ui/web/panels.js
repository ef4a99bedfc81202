// The panel builder: one row per image, up to the count; rows beyond it wait with their text.
import { faulty, Problems, Text } from "./fields.js";
import { addPanel, change, duplicatePanel, fillPanels, most, movePanel, removePanel, setCount, setPanel } from "./form.js";
import { Icon } from "./icons.js";
import { useStore } from "./store.js";
import { html, useState } from "./vendor/preact.js";
import words from "./words.js";

export function Panels() {
  const { draft } = useStore();
  const [lines, setLines] = useState(null);
  const max = most();
  const rows = Array.from({ length: draft.count }, (_, i) => draft.panels[i] ?? { text: "", caption: "" });
  return html`<section class="panels">
    <div class="title-row">
      <h2 class="title">${words.panels.title}</h2>
      <button class="quiet" type="button" onClick=${() => setLines(lines === null ? "" : null)}>${words.panels.fromLines}</button>
      <${Stepper} value=${draft.count} max=${max} />
    </div>
    <${Problems} fields=${["count", "panels", "sequence"]} />
    ${lines !== null && html`<${Lines} text=${lines} onText=${setLines} onDone=${() => setLines(null)} />`}
    <ol class="panel-list">
      ${rows.map((row, i) => html`<${Row} key=${i} row=${row} i=${i} last=${i === rows.length - 1} full=${draft.count >= max} />`)}
    </ol>
    ${draft.count < max && html`<button class="quiet add-panel" type="button" onClick=${addPanel}><${Icon} name="plus" />${words.panels.add}</button>`}
  </section>`;
}

function Stepper({ value, max }) {
  const [typing, setTyping] = useState(null); // what is in the box until it is left, even if it is no number yet
  const typed = event => {
    setTyping(event.target.value);
    if (Number(event.target.value) >= 1) setCount(Math.trunc(Number(event.target.value)));
  };
  return html`<div class="stepper" role="group" aria-label=${words.count.title}>
    <label for="count">${words.count.title}</label>
    <button type="button" disabled=${value <= 1} onClick=${() => setCount(value - 1)} aria-label=${words.count.fewer}><${Icon} name="minus" /></button>
    <input id="count" type="number" inputmode="numeric" min="1" max=${max} value=${typing ?? value} onInput=${typed} onBlur=${() => setTyping(null)} />
    <button type="button" disabled=${value >= max} onClick=${() => setCount(value + 1)} aria-label=${words.count.more}><${Icon} name="plus" /></button>
  </div>`;
}

function Row({ row, i, last, full }) {
  const n = i + 1;
  const { view } = useStore();
  const invalid = faulty(view, `panels.${i}`);
  const [open, setOpen] = useState(false);
  const pasted = event => {
    const text = event.clipboardData.getData("text/plain");
    if (text.trim().split(/\n+/).length > 1) {
      event.preventDefault();
      fillPanels(text, i);
    }
  };
  const tool = (name, label, act, off = false) => html`<button type="button" disabled=${off} onClick=${act}><${Icon} name=${name} />${label}</button>`;
  return html`<li class="panel">
    <span class="panel-number" aria-hidden="true">${n}</span>
    <${Text} value=${row.text} label=${words.panels.text(n)} placeholder=${words.panels.placeholder} onPaste=${pasted}
      aria-invalid=${invalid} onText=${text => setPanel(i, { text })} />
    <button type="button" class="icon-button quiet" aria-label=${words.panels.more(n)} aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Icon} name="more" />
    </button>
    ${open && html`<div class="panel-more">
      <input type="text" maxlength="200" value=${row.caption} placeholder=${words.panels.captionPlaceholder} aria-label=${words.panels.caption(n)}
        dir="auto" onInput=${event => setPanel(i, { caption: event.target.value })} />
      <div class="panel-tools">
        ${tool("up", words.panels.up, () => movePanel(i, -1), i === 0)}
        ${tool("down", words.panels.down, () => movePanel(i, 1), last)}
        ${tool("copy", words.panels.duplicate, () => duplicatePanel(i), full)}
        ${tool("trash", words.panels.remove, () => removePanel(i), last && i === 0)}
      </div>
    </div>`}
    <${Conflicts} field=${`panels.${i}`} />
    <${Problems} fields=${[`panels.${i}`]} />
  </li>`;
}

function Lines({ text, onText, onDone }) {
  const [busy, setBusy] = useState(false);
  const apply = async () => {
    setBusy(true);
    if (await fillPanels(text)) onDone();
    else setBusy(false);
  };
  return html`<div class="lines">
    <${Text} rows=${4} value=${text} label=${words.panels.linesLabel} placeholder=${words.panels.linesLabel} onText=${onText} />
    <div class="row-end">
      <button type="button" class="quiet" onClick=${onDone}>${words.panels.linesCancel}</button>
      <button type="button" class="secondary" disabled=${!text.trim() || busy} onClick=${apply}>${words.panels.linesApply}</button>
    </div>
  </div>`;
}

// Where the person's words state another number than the count: both ways out, one press each.
export function Conflicts({ field }) {
  const { draft, view } = useStore();
  const conflict = (view?.conflicts ?? []).find(found => found.field === field);
  if (!conflict) return null;
  const say = () => (field === "prompt" || field === "prompt_override"
    ? change({ [field]: conflict.fixed })
    : setPanel(Number(field.split(".")[1]), { text: conflict.fixed }));
  return html`<div class="problem conflict">
    <p>${words.conflict.says(conflict.words, draft.count)}</p>
    <button type="button" class="quiet" onClick=${say}>${words.conflict.useCount(draft.count)}</button>
    ${conflict.found >= 1 && conflict.found <= most() && html`
      <button type="button" class="quiet" onClick=${() => setCount(conflict.found)}>${words.conflict.useText(conflict.found)}</button>`}
  </div>`;
}
