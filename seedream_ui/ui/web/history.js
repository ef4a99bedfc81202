// The history on the right side: every set of the visitor, newest first.
import { Entry } from "./entry.js";
import { Icon } from "./icons.js";
import { goTo, lookFurther, saveLedger, search } from "./past.js";
import { Recovery } from "./recovery.js";
import { useStore } from "./store.js";
import { html } from "./vendor/preact.js";
import words from "./words.js";

export function History() {
  const { past, boot } = useStore();
  if (!past) return null;
  const { entries, query, totals, before, busy, error } = past;
  return html`<div class="history">
    <div class="history-head">
      <h2 class="history-title" tabindex="-1">${words.history.title}</h2>
      <button type="button" class="quiet history-back" onClick=${() => goTo("studio")}>${words.history.toStudio}</button>
      <label class="search"><span class="sr">${words.history.search}</span><${Icon} name="search" />
        <input type="search" value=${query} placeholder=${words.history.search} dir="auto" onInput=${event => search(event.target.value)} /></label>
    </div>
    <div class="history-sums">
      ${totals && html`<p>${words.history.totals(totals)}</p>`}
      <button type="button" class="quiet" onClick=${saveLedger}><${Icon} name="download" />${words.history.ledger}</button>
    </div>
    ${error && html`<p class="problem" role="alert">${error}</p>`}
    <p class="sr" role="status">${entries && !busy ? words.history.found(entries.length, before !== null) : ""}</p>
    ${entries?.length === 0 && !busy && html`<${Nothing} query=${query} keepDays=${boot.keep_days} />`}
    ${days(entries ?? []).map(([day, found]) => html`<section key=${day} class="day">
      <h3 class="day-name">${day}</h3>
      <ol class="entries">${found.map(entry => html`<${Entry} key=${entry.id} entry=${entry} />`)}</ol>
    </section>`)}
    ${before !== null && entries && html`<button type="button" class="secondary further" disabled=${busy} onClick=${lookFurther}>${words.history.more}</button>`}
    <div class="history-foot"><${Recovery} /><p class="legal">${words.history.kept(boot.keep_days)}</p></div>
  </div>`;
}

function Nothing({ query, keepDays }) {
  return html`<div class="nothing">
    <p>${query ? words.history.notFound(query) : words.history.empty}</p>
    <p class="hint">${query ? words.history.searched : words.history.emptyHint(keepDays)}</p>
    ${!query && html`<button type="button" class="secondary" onClick=${() => goTo("studio")}>${words.history.toStudio}</button>`}
  </div>`;
}

// Entries by the day on which they were made, in the order they come.
function days(entries) {
  const found = new Map();
  for (const entry of entries) {
    const day = words.day(new Date(entry.at));
    found.set(day, [...(found.get(day) ?? []), entry]);
  }
  return [...found];
}
