// The page's one state, and its place in the browser's storage.
import { useEffect, useState } from "./vendor/preact.js";

const DRAFT = "studio.draft.v1";
const TAKES = "studio.takes.v1";
export const MOST_TAKES = 8;

export const state = {
  draft: null,     // the form; the server turns it into a request
  view: null,      // what the server says about the draft
  account: null,   // balance and own price of the platform, where there is a key
  runs: {},        // id → run, as the server last told it
  takes: [],       // ids of the runs of this browser, oldest first
  shown: "next",   // the take on the stage, or "next": the frames of the draft
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

const read = key => {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
};
const write = (key, value) => {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* said once, by the notice */ }
};

export const savedDraft = () => read(DRAFT);
export const savedTakes = () => read(TAKES) ?? [];
export const saveDraft = () => write(DRAFT, state.draft);
export const saveTakes = () => write(TAKES, state.takes.slice(-MOST_TAKES));

let notice = 0;
export function tell(text, { tone = "plain", action = null } = {}) {
  const id = ++notice;
  set({ notices: [...state.notices.filter(n => n.text !== text), { id, text, tone, action }].slice(-3) });
  if (tone === "plain") setTimeout(() => dismiss(id), 8000);
  return id;
}
export const dismiss = id => set({ notices: state.notices.filter(n => n.id !== id) });
