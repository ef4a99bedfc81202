// Everything the catalogue drives: platform, model, Seq, ratio, size, options.
import { Choice, Problems } from "./fields.js";
import { change } from "./form.js";
import { Key } from "./keys.js";
import { useStore } from "./store.js";
import { html, useEffect, useState } from "./vendor/preact.js";
import words from "./words.js";

export function Settings() {
  const { draft, view } = useStore();
  if (!view?.platforms) return null;
  const { size } = draft;
  const ratio = size.kind === "tier" ? size.aspect_ratio : null;
  const resize = patch => change({ size: { kind: "tier", tier: size.tier ?? "2K", aspect_ratio: ratio ?? view.ratio ?? "1:1", ...patch } });
  return html`<section class="settings">
    <${Choice} name="ratio" className="ratios" label=${words.settings.ratio} value=${ratio} onPick=${aspect_ratio => resize({ aspect_ratio })}
      entries=${view.ratios.map(entry => ({ ...entry, label: entry.value === "reference" ? words.settings.reference : entry.value, glyph: glyph(entry.value) }))} />
    <${Problems} fields=${["aspect_ratio"]} />
    <${Choice} name="tier" className="stacked" label=${words.settings.size} value=${size.kind === "tier" ? size.tier : null} onPick=${tier => resize({ tier })}
      entries=${view.tiers.map(entry => ({ ...entry, sub: entry.size }))} />
    <${Sizes} />
    <${Problems} fields=${["size"]} />
    <${Choice} name="platform" label=${words.settings.platform} value=${draft.platform} onPick=${platform => change({ platform, model: "" })}
      entries=${view.platforms.map(entry => ({ value: entry.name, label: entry.title, title: entry.summary }))} />
    ${view.models.length > 1 && html`<${Choice} name="model" className="stacked" label=${words.settings.model} value=${view.model} onPick=${model => change({ model })}
      entries=${view.models.map(entry => ({ value: entry.name, label: entry.title, sub: entry.price }))} />`}
    <${Key} />
    <${Choice} name="preset" label=${words.settings.preset} value=${draft.preset} onPick=${preset => change(narrowed(draft, preset, view.ratio))}
      entries=${[{ value: "", label: words.settings.full }, ...view.presets.map(entry => ({ value: entry.name, label: entry.title, title: entry.summary }))]} />
    <${Advanced} />
    <${Problems} fields=${["platform", "model", "seed", "options"]} />
  </section>`;
}

function glyph(ratio) {
  const [w, h] = ratio.includes(":") ? ratio.split(":").map(Number) : [1, 1];
  const scale = 14 / Math.max(w, h);
  return html`<i class="ratio-glyph ${ratio.includes(":") ? "" : "of-reference"}" style=${{ width: `${w * scale}px`, height: `${h * scale}px` }} aria-hidden="true"></i>`;
}

// Under a preset's narrower controls, what it does not have falls back; texts and references stay.
function narrowed(draft, preset, nearest) {
  if (!preset) return { preset };
  const { size } = draft;
  const ratio = ["1:1", "4:3", "16:9", "9:16"].find(ratio => ratio === (size.aspect_ratio ?? nearest)) ?? "1:1";
  const tier = size.tier === "2K" ? "2K" : "3K";
  return { preset, count: Math.min(draft.count, 4), size: { kind: "tier", tier: size.kind === "tier" ? tier : "2K", aspect_ratio: ratio } };
}

function Sizes() {
  const { draft, view } = useStore();
  const exact = draft.size.kind === "exact" ? draft.size : null;
  const [typed, setTyped] = useState({});
  useEffect(() => setTyped(exact ?? view.size ?? {}), [exact?.width, exact?.height, view.size?.width, view.size?.height]);
  if (draft.preset) return null;
  const choose = (width, height) => change({ size: { kind: "exact", width, height } });
  const holds = Boolean(exact) && exact.width === typed.width && exact.height === typed.height;
  const reasons = view.recommended.map(entry => entry.reason);
  const field = (side, label) => html`<label>${label}
    <input type="number" inputmode="numeric" min="1" value=${typed[side] ?? ""} onInput=${event => setTyped({ ...typed, [side]: Number(event.target.value) })} />
  </label>`;
  return html`<details class="fold" open=${Boolean(exact)}>
    <summary>${words.settings.more}</summary>
    <div class="exact">
      ${field("width", words.settings.width)}${field("height", words.settings.height)}
      <button type="button" class="secondary" aria-pressed=${holds} disabled=${!(typed.width && typed.height)} onClick=${() => choose(typed.width, typed.height)}>${words.settings.exact}</button>
    </div>
    ${!reasons.every(Boolean) && html`<${Choice} name="recommended" className="stacked" label=${words.settings.recommended}
      value=${exact && `${exact.width}*${exact.height}`} onPick=${value => choose(...value.split("*").map(Number))}
      entries=${view.recommended.map(entry => ({ value: `${entry.width}*${entry.height}`, label: `${entry.width} × ${entry.height}`, sub: entry.label, reason: entry.reason }))} />`}
    ${reasons.some(Boolean) && html`<p class="hint">${reasons.find(Boolean)}</p>`}
  </details>`;
}

function Advanced() {
  const { draft, view } = useStore();
  const seed = event => change({ seed: event.target.value === "" ? null : Math.trunc(Number(event.target.value)) });
  const option = (name, value) => change({ options: { ...draft.options, [name]: value } });
  return html`<details class="fold">
    <summary>${words.settings.advanced}</summary>
    ${view.seed
      ? html`<label class="field">${words.settings.seed}
          <input type="number" inputmode="numeric" min="0" max="2147483647" value=${draft.seed ?? ""} placeholder=${words.settings.seedPlaceholder} onInput=${seed} />
        </label>`
      : html`<p class="hint">${words.settings.noSeed}</p>`}
    ${view.options.map(entry => html`<${Choice} key=${entry.name} name=${entry.name} label=${entry.title} value=${draft.options[entry.name] ?? entry.default}
      onPick=${value => option(entry.name, value)} entries=${entry.choices.map(value => ({ value, label: String(value) }))} />`)}
  </details>`;
}
