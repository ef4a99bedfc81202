// Reference images: numbered, named in the text at a press, labelled, ordered.
import { Problems } from "./fields.js";
import { insertWords, labelReference, moveReference, removeReference } from "./form.js";
import { Icon } from "./icons.js";
import { bringIn } from "./pictures.js";
import { useStore } from "./store.js";
import { html, useRef } from "./vendor/preact.js";
import words from "./words.js";

export function References() {
  const { draft, view, uploading } = useStore();
  const items = draft.references;
  const max = view?.limits?.references ?? 10;
  return html`<section class="references">
    <div class="title-row"><h2 class="title">${words.references.title}</h2><span class="count">${items.length} / ${max}</span></div>
    <ol class="reference-list">
      ${items.map((item, i) => html`<${Reference} key=${item.sha256} item=${item} i=${i} last=${items.length - 1} />`)}
      ${items.length < max && html`<li class=${items.length ? "add" : "add wide"}><${Add} first=${!items.length} /></li>`}
    </ol>
    ${uploading > 0 && html`<p class="hint" role="status">${words.references.uploading(uploading)} …</p>`}
    ${items.length > 0 && html`<p class="hint">${words.references.hint}</p>`}
    <${Problems} fields=${["references"]} />
  </section>`;
}

function Add({ first }) {
  const input = useRef(null);
  const chosen = event => {
    bringIn([...event.target.files]);
    event.target.value = "";
  };
  return html`
    <button type="button" class="drop" onClick=${() => input.current.click()}>
      <${Icon} name="plus" /><span>${first ? words.references.empty : words.references.add}</span>
    </button>
    <input ref=${input} class="sr" type="file" multiple tabindex="-1" accept="image/jpeg,image/png,image/webp,image/avif"
      aria-label=${words.references.title} onChange=${chosen} />`;
}

function Reference({ item, i, last }) {
  const n = i + 1;
  return html`<li class="reference">
    <div class="reference-picture">
      <button type="button" class="reference-name" onClick=${() => insertWords(`image ${n}`)} aria-label=${words.references.insert(n)}
        title=${words.references.insert(n)}>
        <img src=${item.thumb} alt=${item.label || `Reference image ${n}`} /><b>${n}</b>
      </button>
      <div class="reference-tools">
        ${last > 0 && html`
          <button type="button" disabled=${i === 0} onClick=${() => moveReference(i, -1)} aria-label=${words.references.earlier(n)}><${Icon} name="left" /></button>
          <button type="button" disabled=${i === last} onClick=${() => moveReference(i, 1)} aria-label=${words.references.later(n)}><${Icon} name="right" /></button>`}
        <button type="button" onClick=${() => removeReference(i)} aria-label=${words.references.remove(n)}><${Icon} name="close" /></button>
      </div>
    </div>
    <input type="text" maxlength="120" value=${item.label} placeholder=${words.references.label} aria-label=${`${words.references.label}: image ${n}`}
      dir="auto" onInput=${event => labelReference(i, event.target.value)} />
  </li>`;
}
