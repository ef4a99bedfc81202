// The left side: what you ask for.
import { Bar } from "./bar.js";
import { faulty, Problems, Text } from "./fields.js";
import { apply, change } from "./form.js";
import { Conflicts, Panels } from "./panels.js";
import { References } from "./references.js";
import { Settings } from "./settings.js";
import { useStore } from "./store.js";
import { html, useEffect, useRef } from "./vendor/preact.js";
import words from "./words.js";

export function Composer() {
  const { draft, view, boot } = useStore();
  return html`<form class="composer" onSubmit=${event => event.preventDefault()} aria-label=${words.prompt.title}>
    <div class="composer-fields">
      <${Starters} starters=${boot.starters} />
      <${References} />
      <section>
        <label class="title" for="prompt">${words.prompt.title}</label>
        <${Text} id="prompt" rows=${3} value=${draft.prompt} placeholder=${words.prompt.placeholder} aria-invalid=${faulty(view, "prompt")} onText=${prompt => change({ prompt })} />
        <${Conflicts} field="prompt" />
        <${Problems} fields=${["prompt"]} />
      </section>
      <${Panels} />
      <${Settings} />
      <${Sent} />
    </div>
    <${Bar} />
  </form>`;
}

function Starters({ starters }) {
  const box = useRef(null);
  const pick = starter => {
    box.current.open = false;
    apply(starter.draft, words.start.applied(starter.title));
  };
  const close = event => event.key === "Escape" && (box.current.open = false);
  useEffect(() => {
    const away = event => box.current.contains(event.target) || (box.current.open = false);
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, []);
  return html`<details class="menu" ref=${box} onKeyDown=${close}>
    <summary>${words.start.title} …</summary>
    <div class="menu-body">
      ${["example", "template"].map(kind => html`<div role="group" aria-label=${words.start[kind]}>
        <p class="menu-title">${words.start[kind]}</p>
        ${starters.filter(starter => starter.kind === kind).map(starter => html`
          <button key=${starter.name} type="button" class="menu-item" onClick=${() => pick(starter)}>
            <b>${starter.title}</b><small>${starter.summary}</small>
          </button>`)}
      </div>`)}
    </div>
  </details>`;
}

// The compiled prompt, word for word; touching it makes it the person's own.
function Sent() {
  const { draft, view } = useStore();
  const edited = draft.prompt_override !== null;
  const note = view?.prompts > 1 ? words.sent.many(view.prompts) : words.sent.one;
  return html`<section class="sent">
    <div class="title-row">
      <label class="title" for="sent">${words.sent.title}</label>
      ${edited && html`<span class="edited">${words.sent.edited}</span>
        <button class="quiet" type="button" onClick=${() => change({ prompt_override: null })}>${words.sent.reset}</button>`}
    </div>
    <${Text} id="sent" rows=${4} value=${edited ? draft.prompt_override : view?.prompt ?? ""} spellcheck="false"
      onText=${prompt_override => change({ prompt_override })} />
    <p class="hint">${note}</p>
    <${Conflicts} field="prompt_override" />
    <${Problems} fields=${["prompt_override"]} />
  </section>`;
}
