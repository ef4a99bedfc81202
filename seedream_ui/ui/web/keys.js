// The key of the chosen platform. It is sent once and lives in the server's memory; here it stays only if asked to.
import { describe, slim } from "./form.js";
import { ask } from "./server.js";
import { calm, set, state, useStore } from "./store.js";
import { html, useEffect, useState } from "./vendor/preact.js";
import words from "./words.js";

const STORED = platform => `studio.key.${platform}`;

// Resolves to the sentence that refuses the key, or to nothing.
async function give(platform, key) {
  const { account, error } = await ask("use_key", { platform, key });
  if (!error) calm();
  if (!error) set({ given: { ...state.given, [platform]: true }, ...(state.draft.platform === platform && { account }) });
  describe();
  return error;
}

// A key that this browser was asked to remember goes to the server again, as after its restart.
const giving = {};
export function giveRemembered(platform) {
  let key = null;
  try { key = localStorage.getItem(STORED(platform)); } catch { /* nothing is remembered then */ }
  if (!key) return null;
  return (giving[platform] ??= give(platform, key).finally(() => delete giving[platform]));
}

export function Key() {
  const { draft, view } = useStore();
  const key = view?.key;
  useEffect(() => {
    if (key?.state === "missing") giveRemembered(draft.platform)?.catch(() => {});
  }, [draft.platform, key?.state]);
  if (!key) return null;
  const unknowns = view.quote?.unknowns ?? [];
  return html`<section class="key">
    <h2 class="title">${words.key.title(key.title)}</h2>
    ${key.state === "own" ? html`<${Own} shown=${key} />` : html`<${Paste} platform=${draft.platform} title=${key.title} operator=${key.state === "operator"} />`}
    ${unknowns.length > 0 && html`<p class="hint">${unknowns.join(" ")}</p>`}
  </section>`;
}

export const focusKey = () => document.querySelector("#composer .key input")?.focus();

// `whole` says all that is to be said about a key; on the stage it is said shorter.
export function Paste({ platform, title, operator = false, onGiven = () => {}, whole = true }) {
  const [text, setText] = useState("");
  const [remember, setRemember] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(null);
  const ready = text.trim() && !busy;
  const use = async () => {
    setBusy(true);
    setText(""); // the box empties at once, whatever comes of it
    try {
      const error = await give(platform, text);
      setRefused(error);
      if (!error && remember) localStorage.setItem(STORED(platform), text);
      if (!error) await onGiven();
    } catch { /* said by the notice */ }
    setBusy(false);
  };
  return html`
    ${operator && html`<p class="hint">${words.key.operator}</p>`}
    <div class="exact">
      <label><span class="sr">${words.key.label(title)}</span>
        <input type="password" autocomplete="off" value=${text} placeholder=${words.key.placeholder} onInput=${event => setText(event.target.value)}
          onKeyDown=${event => event.key === "Enter" && !event.ctrlKey && !event.metaKey && ready && use()} />
      </label>
      <button type="button" class="secondary" disabled=${!ready} onClick=${use}>${busy ? words.key.checking : words.key.use}</button>
    </div>
    ${refused && html`<p class="problem" role="alert">${refused}</p>`}
    <label class="check"><input type="checkbox" checked=${remember} onChange=${event => setRemember(event.target.checked)} />
      <span>${words.key.remember}<small>${words.key.rememberNote}</small></span></label>
    ${whole && html`<p class="hint">${words.key.note(title)}</p>`}`;
}

function Own({ shown }) {
  const { draft, account } = useStore();
  const drop = async () => {
    try { localStorage.removeItem(STORED(draft.platform)); } catch { /* nothing was stored */ }
    await ask("drop_key", { platform: draft.platform });
    set({ account: null, given: { ...state.given, [draft.platform]: false } });
    describe();
  };
  return html`<div class="title-row">
    <p>${words.key.ends(shown.ends)}${account?.balance != null && html` · <b>${words.key.balance(account.balance)}</b>`}</p>
    <button type="button" class="quiet" onClick=${drop}>${words.key.remove}</button>
  </div>`;
}

// The platform's own price and balance, a moment after the last change.
let asked = null;
export function askAccount() {
  clearTimeout(asked);
  const { key, quote } = state.view ?? {};
  if (!key || key.state === "missing" || !quote) return;
  asked = setTimeout(async () => {
    const { draft } = state;
    try {
      const { account, error } = await ask("account", { draft: slim(draft) });
      if (!error) set({ account: account && { ...account, priced: pricedBy(draft) } });
    } catch { /* said by the notice */ }
  }, 400);
}

// What of a form a price depends on.
const pricedBy = ({ platform, model, count, sequence, size, options, references }) =>
  JSON.stringify([platform, model, count, sequence, size, options, references.length]);

// The platform's own price, where it was asked for the form as it stands.
export const livePrice = () => (state.view?.key && state.account?.priced === pricedBy(state.draft) ? state.account.price : null);

// The words on the one button: with the platform's own price as soon as it is known.
export function labelled() {
  const { what, label } = state.view?.button ?? {};
  return what && livePrice() ? words.bar.make(what, livePrice()) : label ?? "…";
}
