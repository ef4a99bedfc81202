// The recovery code: with it, sets are found again from another browser, or from one that keeps nothing.
import { Copy } from "./fields.js";
import { useCode } from "./past.js";
import { recoveryCode } from "./server.js";
import { set, state, storageWorks } from "./store.js";
import { html, useEffect, useState } from "./vendor/preact.js";
import words from "./words.js";

const Code = () => html`<p class="code-row"><code>${recoveryCode()}</code><${Copy} text=${recoveryCode()} className="secondary" /></p>`;

// Beside the button of a paid set, where nothing else would lead back to it.
export function KeepCode() {
  useEffect(() => set({ notices: state.notices.filter(notice => notice.text !== words.notices.storage) }), []); // it says the same
  return html`<div class="keep-code"><p>${words.recovery.keep}</p><${Code} /></div>`;
}

export function Recovery() {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState(null);
  const [busy, setBusy] = useState(false);
  const use = async event => {
    event.preventDefault();
    setBusy(true);
    const error = await useCode(text);
    setRefused(error);
    setBusy(false);
    if (!error) setText("");
  };
  return html`<details class="fold recovery">
    <summary>${words.recovery.title}</summary>
    <p class="hint">${storageWorks ? words.recovery.about : words.recovery.keep}</p>
    <${Code} />
    <form class="exact" onSubmit=${use}>
      <label>${words.recovery.use}
        <input type="text" autocomplete="off" spellcheck="false" value=${text} placeholder=${words.recovery.placeholder} onInput=${event => setText(event.target.value)} />
      </label>
      <button class="secondary" disabled=${!text.trim() || busy}>${words.recovery.go}</button>
    </form>
    ${refused && html`<p class="problem" role="alert">${refused}</p>`}
  </details>`;
}
