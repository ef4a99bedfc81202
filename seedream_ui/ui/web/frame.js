// What surrounds the two components: the tools in the header, and the notices.
import { Icon } from "./icons.js";
import { goTo } from "./past.js";
import { dismiss, useStore } from "./store.js";
import { html, useState } from "./vendor/preact.js";
import words from "./words.js";

export function HeaderTools() {
  const [dark, setDark] = useState(document.body.classList.contains("dark"));
  const flip = () => {
    document.body.classList.toggle("dark", !dark);
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("studio.theme", dark ? "light" : "dark"); } catch { /* said by the notice */ }
    setDark(!dark);
  };
  // Gradio opens its description of the API from its own footer, which is not shown here.
  const docs = event => {
    const own = document.querySelector("footer .show-api");
    if (own) event.preventDefault();
    own?.click();
  };
  const { place } = useStore();
  const go = (to, label) => html`<button class="quiet place" type="button" aria-current=${place === to ? "page" : undefined} onClick=${() => goTo(to)}>${label}</button>`;
  return html`
    <nav class="places" aria-label=${words.header.places}>${go("studio", words.header.studio)}${go("history", words.header.history)}</nav>
    <a class="quiet" href="?view=api" onClick=${docs}>${words.header.api}</a>
    <button class="quiet icon-button" type="button" onClick=${flip} aria-label=${words.header.theme} title=${words.header.theme}>
      <${Icon} name=${dark ? "sun" : "moon"} />
    </button>`;
}

export function Notices() {
  const { notices, offline } = useStore();
  const all = offline ? [...notices, { id: 0, text: words.notices.offline, tone: "bad" }] : notices;
  return html`<div class="notices" role="status" aria-live="polite">
    ${all.map(notice => html`<${Notice} key=${notice.id} notice=${notice} />`)}
  </div>`;
}

function Notice({ notice: { id, text, tone, action } }) {
  const act = () => {
    action.run();
    dismiss(id);
  };
  return html`<div class="notice ${tone}">
    <p>${text}</p>
    ${action && html`<button class="quiet" type="button" onClick=${act}>${action.label}</button>`}
    ${id > 0 && html`<button class="quiet icon-button" type="button" onClick=${() => dismiss(id)} aria-label=${words.notices.dismiss}>
      <${Icon} name="close" />
    </button>`}
  </div>`;
}
