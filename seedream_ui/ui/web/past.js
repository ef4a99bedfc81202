// What was made: the history as far as it was asked for, and what can be done with its entries.
import { forget, startOver, tellTabs, whenEnded, whenTold } from "./runs.js";
import { become, insist, tokenOf, visitor } from "./server.js";
import { set, state, tell, whenSet } from "./store.js";
import words from "./words.js";

export function goTo(place) {
  set({ place });
  if (place === "history") look(state.past?.query ?? "");
  if (innerWidth >= 900) return;
  if (place === "studio") scrollTo(0, 0);
  else setTimeout(() => document.querySelector(".history")?.scrollIntoView({ block: "start" }), 50); // once it is there, and high enough
}

// The history has an address: Back leads back, a reload stays.
const HASH = "#history";
const addressed = () => (location.hash === HASH ? "history" : "studio");
export function keepAddress() {
  if (addressed() !== state.place) goTo(addressed());
  addEventListener("popstate", () => addressed() !== state.place && goTo(addressed())); // else it would scroll
  whenSet(() => {
    if (addressed() !== state.place) history.pushState(null, "", location.pathname + location.search + (state.place === "history" ? HASH : ""));
  });
}

// One question counts: the last one.
let asked = 0;

// The history from its newest entry on, as many as were shown before.
export async function look(query, most = 0) {
  const mine = ++asked;
  set({ past: { entries: null, before: null, totals: null, ...state.past, query, busy: true, error: null } });
  const page = await pages(query, most);
  if (mine !== asked || !state.past) return;
  set({ past: { ...state.past, ...page, busy: false } });
}

async function pages(query, most) {
  const found = [];
  for (let before = null; ; ) {
    const answer = await insist("history", { query, before });
    if (answer.error) return { error: answer.error };
    found.push(...answer.entries);
    before = answer.before;
    if (before === null || found.length >= most) return { entries: found, before, totals: answer.totals };
  }
}

export async function lookFurther() {
  const mine = ++asked;
  const { query, before } = state.past;
  set({ past: { ...state.past, busy: true } });
  const answer = await insist("history", { query, before });
  if (mine !== asked || !state.past) return;
  if (answer.error) return set({ past: { ...state.past, busy: false, error: answer.error } });
  set({ past: { ...state.past, entries: [...state.past.entries, ...answer.entries], before: answer.before, busy: false } });
}

let waiting = null;
export function search(query) {
  set({ past: { ...state.past, query } });
  clearTimeout(waiting);
  waiting = setTimeout(() => look(query), 250);
}

export const lookAnew = () => state.place === "history" && look(state.past?.query ?? "", state.past?.entries?.length);
export function listenForChanges() {
  whenTold(lookAnew);
  whenEnded(lookAnew);
}

// Resolves to whether it was done.
async function change(name, message) {
  const { entry, error } = await insist(name, message);
  if (error) return tell(error, { tone: "bad" }), false;
  set({ past: { ...state.past, entries: state.past.entries.map(known => (known.id === entry.id ? entry : known)) } });
  const run = state.runs[entry.id];
  if (run) set({ runs: { ...state.runs, [entry.id]: { ...run, name: entry.name } } });
  tellTabs();
  return true;
}
export const rename = (id, name) => change("rename_run", { run: id, name });
export const pin = (id, pinned) => change("pin_run", { run: id, pinned });

export async function remove(id) {
  const { error } = await insist("delete_run", { run: id });
  if (error) return tell(error, { tone: "bad" });
  forget(id);
  tellTabs();
  tell(words.history.deleted);
}

export async function saveLedger() {
  const { csv, name, error } = await insist("ledger", {});
  if (error) return tell(error, { tone: "bad" });
  const href = URL.createObjectURL(new Blob(["\ufeff", csv], { type: "text/csv;charset=utf-8" })); // the mark tells spreadsheets that it is UTF-8
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

// Resolves to the sentence that refuses the code, or to nothing: then this browser has its sets.
export async function useCode(code) {
  const token = tokenOf(code);
  if (!token) return words.recovery.malformed;
  if (token === visitor()) return words.recovery.same;
  become(token);
  startOver();
  await look("");
  tell(words.recovery.taken(state.past?.entries?.length ?? 0, state.past?.before !== null));
  return null;
}
