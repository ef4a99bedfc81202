// What can be done to the form. Every change ends in `change`, which saves the draft and asks the server about it.
import { askAccount } from "./keys.js";
import { ask, insist } from "./server.js";
import { saveDraft, set, state, tell } from "./store.js";
import words from "./words.js";

export const MOST_PANELS = 15;
const LAYOUT = ["count", "size", "sequence"];

let asking = null;
let stale = false;
let saving = null;

export function change(patch) {
  const draft = { ...state.draft, ...patch };
  const layout = LAYOUT.some(key => key in patch);
  set({ draft, shown: layout ? "next" : state.shown });
  clearTimeout(saving);
  saving = setTimeout(saveNow, 150);
  describe();
}

// What is not saved yet, now. A tab in which nothing changed does not write over another's draft.
export function saveNow() {
  if (saving === null) return;
  clearTimeout(saving);
  saving = null;
  saveDraft();
}

// One question at a time, and never an old answer: while one is under way, changes only mark it stale.
export function describe() {
  stale = true;
  return (asking ??= answered());
}

async function answered() {
  while (stale) {
    stale = false;
    const { draft } = state;
    try {
      const view = await ask("describe_draft", { draft: slim(draft) });
      if (view.error) set({ view: { ...state.view, button: { label: "…", ready: false, note: view.error } } });
      else set({ view: { ...view.controls, ...state.view, conflicts: [], ...view }, described: draft });
      askAccount();
    } catch {
      await new Promise(resolve => setTimeout(resolve, 2000));
      stale = true;
    }
  }
  asking = null;
}

// The draft as the server needs it: without thumbnails.
export const slim = draft => ({ ...draft, references: draft.references.map(({ thumb, ...rest }) => rest) });

export const most = () => state.view?.limits?.outputs ?? MOST_PANELS;

export function setCount(n) {
  const count = Math.min(Math.max(n, 1), most());
  change({ count, panels: padded(state.draft.panels, count) });
}

const blank = () => ({ text: "", caption: "" });
const padded = (panels, n) => [...panels, ...Array.from({ length: Math.max(n - panels.length, 0) }, blank)];
const rows = () => padded(state.draft.panels, state.draft.count);

// A caption that came with an example goes once the text is rewritten; one that was typed stays.
export function setPanel(i, patch) {
  const shed = row => (row.given && "text" in patch ? { caption: "" } : {});
  change({ panels: rows().map((row, j) => (i === j ? { ...row, ...shed(row), ...patch, given: false } : row)) });
}

export function addPanel() {
  const { count } = state.draft;
  const panels = rows();
  // A row that waits beyond the count comes back with its text, unless it is empty.
  change({ panels: padded(panels, count + 1), count: count + 1 });
}

export function removePanel(i) {
  undoable(words.panels.removed(i + 1), () => {
    const panels = rows();
    panels.splice(i, 1);
    change({ panels, count: Math.max(state.draft.count - 1, 1) });
  });
}

export function duplicatePanel(i) {
  const panels = rows();
  panels.splice(i + 1, 0, { ...panels[i] });
  change({ panels: panels.slice(0, MOST_PANELS), count: Math.min(state.draft.count + 1, most()) });
}

export const movePanel = (i, by) => change({ panels: swapped(rows(), i, i + by) });

// Resolves to whether it was done. The text is kept until an answer comes.
export async function fillPanels(text, from = 0) {
  const { panels: given = [], error } = await insist("split_lines", { text });
  if (error) tell(error, { tone: "bad" });
  if (!given.length) return false;
  const kept = given.slice(0, most() - from);
  undoable(words.panels.filled(kept.length), () => {
    const panels = padded(rows(), from + kept.length);
    kept.forEach((line, i) => (panels[from + i] = { ...panels[from + i], text: line, caption: "", given: false }));
    change({ panels, count: Math.max(from + kept.length, from ? state.draft.count : 1) });
  });
  if (kept.length < given.length) tell(words.panels.cut(kept.length, given.length));
  return true;
}

function swapped(list, i, j) {
  if (j < 0 || j >= list.length) return list;
  const copy = [...list];
  [copy[i], copy[j]] = [copy[j], copy[i]];
  return copy;
}

// References

export const moveReference = (i, by) => change({ references: swapped(state.draft.references, i, i + by) });
export const labelReference = (i, label) =>
  change({ references: state.draft.references.map((item, j) => (i === j ? { ...item, label } : item)) });
export function removeReference(i) {
  const references = state.draft.references.filter((_, j) => i !== j);
  const size = state.draft.size;
  const ratioGone = !references.length && size.aspect_ratio === "reference";
  change({ references, ...(ratioGone && { size: { ...size, aspect_ratio: "1:1" } }) });
}

export function addReferences(found) {
  const have = new Set(state.draft.references.map(item => item.sha256));
  const fresh = found.filter(item => !have.has(item.sha256));
  const max = state.view?.limits?.references ?? 10;
  const references = [...state.draft.references, ...fresh];
  if (references.length > max) tell(words.references.tooMany(max, references.length - max), { tone: "bad" });
  change({ references: references.slice(0, max) });
}

// Whole forms

export function apply(draft, told) {
  undoable(told, () => change({ ...state.draft, ...structuredClone(draft) }));
}

function undoable(told, act) {
  const before = structuredClone(state.draft);
  act();
  tell(told, { action: { label: words.start.undo, run: () => change(before) } });
}

// A reference is named where the cursor last was.

let field = null;
export const remember = event => (field = event.target);
export function insertWords(text) {
  const target = field?.isConnected ? field : document.querySelector("#prompt");
  const [start, end] = [target.selectionStart ?? target.value.length, target.selectionEnd ?? target.value.length];
  const before = target.value.slice(0, start);
  const spaced = (before && !/\s$/.test(before) ? " " : "") + text + (/^[\s.,;:)]|^$/.test(target.value.slice(end)) ? "" : " ");
  target.focus();
  target.setRangeText(spaced, start, end, "end");
  target.dispatchEvent(new Event("input", { bubbles: true }));
}
