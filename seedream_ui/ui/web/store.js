// The page's one state, and its place in the browser's storage.
import { useEffect, useState } from "./vendor/preact.js";
import words from "./words.js";

const DRAFT = "studio.draft.v1";

export const state = {
  draft: null,     // the form; the server turns it into a request
  view: null,      // what the server says about the draft
  described: null, // the draft that the view is about
  account: null,   // balance and own price of the platform, where there is a key
  runs: {},        // id → run, as the server last told it
  takes: [],       // ids of the visitor's newest runs and of what was opened from the history, oldest first
  opened: null,    // id of the run that was opened from the history
  shown: "next",   // the take on the stage, or "next": the frames of the draft
  place: "studio", // what the right side shows: the stage, or the "history"
  past: null,      // the history as far as it was asked for: {query, entries, before, totals, busy, error}
  given: {},       // platform → true, where this page has given a key
  comparing: false, // whether another set lies beside it
  sending: false,  // a press is on its way
  stopping: null,  // id of the run that was asked to stop
  uploading: 0,
  notices: [],     // {id, text, tone, action?}
  viewer: null,    // {run, index, playing}
  offline: false,
};

const listeners = new Set();

export function set(patch) {
  Object.assign(state, patch);
  for (const listener of listeners) listener();
}

export const whenSet = listener => listeners.add(listener);

export function useStore() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw(n => n + 1);
    listeners.add(listener);
    listener();
    return () => listeners.delete(listener);
  }, []);
  return state;
}

export const storageWorks = (() => {
  try {
    localStorage.setItem("studio.probe", "1");
    localStorage.removeItem("studio.probe");
    return true;
  } catch {
    return false;
  }
})();

// A tab that is reloaded has its own draft again, whatever another tab wrote; a new tab has the newest.
const read = key => {
  try { return JSON.parse(sessionStorage.getItem(key) ?? localStorage.getItem(key)); } catch { return null; }
};
let full = false;
const write = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    if (storageWorks && !full) tell(words.notices.full, { tone: "bad steady" });
    full = true;
  }
};

// What an older page, or anything else, left in the storage counts only where it has the shape of a draft.
const text = value => typeof value === "string";
const object = value => value !== null && typeof value === "object" && !Array.isArray(value);
const every = fits => value => Array.isArray(value) && value.every(item => object(item) && fits(item));
const SHAPES = {
  prompt: text, platform: text, model: text, preset: text, options: object,
  count: value => Number.isInteger(value) && value >= 1 && value <= 15,
  sequence: value => typeof value === "boolean",
  panels: every(row => text(row.text) && text(row.caption)),
  references: every(item => text(item.sha256) && text(item.label) && item.width > 0 && item.height > 0 && /^data:image\//.test(item.thumb)),
  size: value => object(value) && (value.kind === "tier" ? text(value.tier) && text(value.aspect_ratio) : value.width > 0 && value.height > 0),
  seed: value => value === null || Number.isInteger(value),
  prompt_override: value => value === null || text(value),
};
export const savedDraft = () => Object.fromEntries(Object.entries(Object(read(DRAFT))).filter(([name, value]) => Object.hasOwn(SHAPES, name) && SHAPES[name](value)));
export function saveDraft() {
  try { sessionStorage.setItem(DRAFT, JSON.stringify(state.draft)); } catch { /* said by the notice */ }
  write(DRAFT, state.draft);
}

let notice = 0;
export function tell(text, { tone = "plain", action = null } = {}) {
  const id = ++notice;
  set({ notices: [...state.notices.filter(n => n.text !== text), { id, text, tone, action }].slice(-3) });
  if (tone === "plain") setTimeout(() => dismiss(id), 8000);
  return id;
}
// What was wrong is so no more.
export const calm = () => set({ notices: state.notices.filter(n => n.tone !== "bad") });
export const dismiss = id => set({ notices: state.notices.filter(n => n.id !== id) });
