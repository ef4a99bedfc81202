// The one action, always in sight, with its price.
import { Switch } from "./fields.js";
import { change } from "./form.js";
import { focusKey, labelled, livePrice } from "./keys.js";
import { KeepCode } from "./recovery.js";
import { generate, previewed, runningRun, stop } from "./runs.js";
import { storageWorks, useStore } from "./store.js";
import { html, useLayoutEffect, useRef } from "./vendor/preact.js";
import words from "./words.js";

export function Bar() {
  const { draft, view, sending, stopping } = useStore();
  const box = useRef(null);
  useLayoutEffect(() => { // what lies above it on a phone keeps clear of it
    const observer = new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${box.current.offsetHeight}px`));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const run = runningRun();
  const button = view?.button;
  const quote = view?.quote;
  const note = view?.hints?.[0] ?? (draft.sequence ? words.seq.on : words.seq.off);
  return html`<div class="bar" ref=${box}>
    ${!storageWorks && quote && !quote.free && html`<${KeepCode} />`}
    <${Switch} label=${words.seq.title} checked=${draft.sequence} note=${note} onFlip=${sequence => change({ sequence })} />
    <div class="bar-buttons">
      <button id="generate" type="button" class="primary" disabled=${!button?.ready || sending || Boolean(run)} onClick=${generate}>
        ${run && html`<span class="bar-progress" style=${{ width: `${(100 * run.returned) / run.count}%` }}></span>`}
        <span>${run ? run.short : labelled()}</span>
      </button>
      ${run && html`<button type="button" class="secondary" disabled=${stopping === run.id} onClick=${() => stop(run)}>
        ${stopping === run.id ? words.bar.stopping : words.bar.stop}
      </button>`}
    </div>
    ${button?.instead && html`<button type="button" class="secondary wide" disabled=${sending || Boolean(run)} onClick=${previewed}>${button.instead}</button>`}
    <p class="bar-note">
      ${button?.note && !run && (view.key?.state === "missing" && !view.problems?.length
        ? html`<button type="button" class="note-link" onClick=${focusKey}>${button.note}</button> `
        : html`<span class="problem">${button.note}</span> `)}
      ${quote && (!button?.note || !quote.free) && html`<${Price} quote=${quote} />`}
    </p>
  </div>`;
}

function Price({ quote }) {
  const live = livePrice();
  return html`<span>${live ? words.bar.live(live) : quote.line}</span>
    ${quote.credits_line && html` <span>· ${quote.credits_line}</span>`}`;
}
