// Below the stage: the form as code, the details of a set, the prompt that was sent.
import { Copy } from "./fields.js";
import { slim } from "./form.js";
import { ask } from "./server.js";
import { useStore } from "./store.js";
import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import words from "./words.js";

const TABS = ["code", "details", "prompt"];

export function More({ run }) {
  const [open, setOpen] = useState(null);
  const panel = useRef(null);
  const reveal = () => panel.current?.scrollIntoView({ block: "nearest" });
  useEffect(reveal, [open]);
  const keys = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) event.currentTarget.querySelectorAll("button")[(TABS.indexOf(event.target.dataset.tab) + step + 3) % 3].focus();
  };
  return html`<section class="more">
    <div class="tabs" role="tablist" onKeyDown=${keys}>
      ${TABS.map(tab => html`<button key=${tab} type="button" role="tab" id=${`tab-${tab}`} data-tab=${tab} aria-controls="more" aria-selected=${open === tab}
        onClick=${() => setOpen(open === tab ? null : tab)}>${words.more[tab]}</button>`)}
    </div>
    ${open && html`<div ref=${panel} role="tabpanel" id="more" aria-labelledby=${`tab-${open}`} tabindex="0">
      ${open === "code" ? html`<${Code} onShown=${reveal} />` : open === "details" && !run ? html`<${Differing} /><p class="hint">${words.more.noDetails}</p>` : !run ? html`<p class="hint">${words.more.noDetails}</p>` : open === "details" ? html`<${Details} run=${run} />` : html`<${Block} text=${run.prompt_sent} />`}
    </div>`}
  </section>`;
}

function Code({ onShown }) {
  const { draft } = useStore();
  const [answer, setAnswer] = useState({});
  const [chosen, choose] = useState(null); // a language, by name: platforms have different ones
  useEffect(() => {
    let current = true;
    ask("code_for", { draft: slim(draft), origin: document.baseURI.split(/[?#]/)[0] }).then(given => current && setAnswer(given), () => {});
    return () => (current = false);
  }, [JSON.stringify(slim(draft))]);
  useEffect(onShown, [Boolean(answer.snippets)]);
  if (answer.error) return html`<p class="problem">${answer.error}</p>`;
  const snippet = answer.snippets?.find(item => item.language === chosen) ?? answer.snippets?.[0];
  if (!snippet) return null;
  return html`<div>
    <div class="languages" role="group" aria-label=${words.more.code}>
      ${answer.snippets.map(item => html`<button key=${item.language} type="button" class="quiet" aria-pressed=${item === snippet} onClick=${() => choose(item.language)}>${item.language}</button>`)}
    </div>
    <p class="hint">${draft.platform === "sketch" ? words.more.codeNote : words.more.paidNote} ${words.more.needs}: ${snippet.needs}.</p>
    <${Block} text=${snippet.code} />
  </div>`;
}

const Block = ({ text }) => html`<div class="block"><${Copy} text=${text} /><pre tabindex="0"><code>${text}</code></pre></div>`;

// What the platform's own list of models says otherwise than the catalogue.
function Differing() {
  const { account } = useStore();
  return account?.differing?.length > 0 && html`<p class="hint">${words.more.differing}: ${account.differing.join(" ")}</p>`;
}

function Details({ run }) {
  return html`<${Differing} /><${MadeWith} key=${run.id} run=${run} />
    <dl class="details">${run.details.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

// The reference images of the set, as far as they are still stored.
function MadeWith({ run }) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    let current = true;
    if (run.references) ask("references_of", { run: run.id }).then(answer => current && setFound(answer.references ?? []), () => {});
    return () => (current = false);
  }, [run.id]);
  if (!found) return null;
  const gone = run.references - found.length;
  return html`<div class="made-with">
    <h3 class="sr">${words.more.madeWith}</h3>
    <ol>${found.map((item, i) => html`<li key=${item.sha256}>
      <img src=${item.thumb} width=${item.width} height=${item.height} alt=${item.label || words.more.reference(i + 1)} />
      <small dir="auto"><b>${i + 1}</b> ${item.label}</small>
    </li>`)}</ol>
    ${gone > 0 && html`<p class="hint">${words.more.referencesGone(gone)}</p>`}
  </div>`;
}
