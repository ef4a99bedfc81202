// Runs: the server owns them, this page starts and follows.
import { addReferences, apply, change, describe, slim } from "./form.js";
import { giveRemembered, labelled } from "./keys.js";
import { insist, random, visitor } from "./server.js";
import { calm, set, state, tell } from "./store.js";
import words from "./words.js";

const MOST_TAKES = 8;
const GLANCE = 3000; // ms between looks at a run that is not in the middle of attention

export const shownRun = () => state.runs[state.shown] ?? null;
export const runningRun = () => state.takes.map(id => state.runs[id]).findLast(run => run?.running) ?? null;
export const ticking = run => run?.status === "running" && !run.needs_key;
export const nameOf = run => run.name || run.title;
export const kindOf = run => `${run.sequence ? words.stage.seq : words.stage.apart} · ${words.clock(new Date(run.at))}`;

// The set to lay beside the one that is shown: the newest that differs in Seq, else the newest before it.
export function comparable() {
  const shown = shownRun();
  const others = state.takes.map(id => state.runs[id]).filter(run => run?.returned && run !== shown);
  return shown ? others.findLast(run => run.sequence !== shown.sequence) ?? others.at(-1) ?? null : null;
}
export const comparedRun = () => (state.comparing ? comparable() : null);

// What is sent is what the button said: a press that overtakes the server's word on the form waits for it.
export async function generate() {
  const label = labelled();
  if (!state.view?.button?.ready || state.sending || runningRun()) return;
  if (state.described !== state.draft) {
    set({ sending: true });
    await describe();
    set({ sending: false });
    if (labelled() !== label) return tell(words.bar.changed(labelled()));
  }
  await press("start_run", { draft: slim(state.draft) });
}

// The answer of a paid press was lost: look at the platform once more, or make the set anew and perhaps pay twice.
export async function lookAgain(run) {
  const { run: looked, error } = await insist("look_again", { run: run.id });
  if (error) return tell(error, { tone: "bad" });
  take(looked);
}
export async function goOnWith(run) {
  const { error } = await insist("look_again", { run: run.id });
  if (error) tell(error, { tone: "bad" });
}
export const submitAgain = run => press("again_run", { run: run.id });

export const vary = run => press("vary_run", { run: run.id });

// The press has an id of its own: sent again after a lost answer, it still makes one run.
async function press(name, message) {
  if (state.sending || runningRun()) return;
  set({ sending: true });
  const { run, error } = await insist(name, { ...message, press: random() });
  set({ sending: false });
  if (error) {
    tell(error, { tone: "bad" });
    describe(); // it may be that the server has another word on the form by now: no key, after its restart
  } else {
    calm();
    take(run);
    tellTabs();
  }
}

const received = run => ({ ...state.runs[run.id], ...run, received: performance.now() });
const byAge = runs => (a, b) => (runs[a].at < runs[b].at ? -1 : 1);

function take(run) {
  const others = state.takes.filter(id => id !== run.id).slice(-MOST_TAKES);
  const runs = { ...state.runs, [run.id]: received(run) };
  set({ takes: [...others, run.id].sort(byAge(runs)), runs, shown: run.id, place: "studio" });
  follow(run.id);
  if (innerWidth < 900) document.querySelector("#stage")?.scrollIntoView({ block: "start" }); // a smooth one is broken off by the first news
}

// The visitor's newest sets, and those that are still open, as the server has them. One that is new here is shown, unless the
// person has turned to an older one.
export async function lookAround() {
  const asked = visitor();
  const { runs: found = [], error } = await insist("recent", {});
  if (asked !== visitor()) return;
  if (error) return tell(error, { tone: "bad" });
  const runs = { ...state.runs };
  for (const run of found) runs[run.id] = received(run);
  const listed = found.map(run => run.id);
  const older = state.takes.filter(id => !listed.includes(id) && (id === state.opened || runs[id]?.open));
  const takes = [...listed, ...older].sort(byAge(runs));
  const [known, newest] = [state.takes.at(-1), takes.at(-1) ?? "next"];
  const turnedAway = state.shown !== "next" && state.shown !== known;
  const shown = newest !== known && !turnedAway ? newest : [...takes, "next"].includes(state.shown) ? state.shown : newest;
  set({ runs, takes, shown });
  for (const id of takes) if (runs[id].open || older.includes(id)) follow(id);
}

// A set of the history, on the stage as it was.
export async function open(id) {
  const { run, error } = await insist("follow_run", { run: id, version: -1 });
  if (error) return tell(error, { tone: "bad" });
  set({ opened: id });
  take(run);
}

// Nothing of one visitor is shown to another.
export function startOver() {
  set({ runs: {}, takes: [], opened: null, shown: "next", past: null, viewer: null, comparing: false });
  lookAround();
}

// The other tabs of this browser look again at what there is.
const channel = (() => {
  try { return new BroadcastChannel("studio"); } catch { return null; }
})();
const heard = new Set([lookAround]);
export const whenTold = act => heard.add(act);
if (channel) channel.onmessage = () => heard.forEach(act => act());
export const tellTabs = () => channel?.postMessage("look");

// Follows a run to its end, through lost connections; an id that the server no longer knows is dropped. A browser has few
// connections to one server for all its tabs: only the set that is looked at, or that holds the page, waits on one of its own.
const following = new Set();
export async function follow(id) {
  if (following.has(id)) return;
  following.add(id);
  for (let version = -1; ; ) {
    const { run, error } = await insist("follow_run", { run: id, version }, { run: id, version: -1 });
    if (error) {
      forget(id, error);
      break;
    }
    if (state.takes.includes(id)) set({ runs: { ...state.runs, [id]: received(run) } });
    if (run.needs_key) recall(run);
    if (!run.open) break;
    version = run.version;
    if (document.hidden || (id !== state.shown && id !== runningRun()?.id)) {
      await new Promise(resolve => setTimeout(resolve, GLANCE));
      version = -1;
    }
  }
  following.delete(id);
  for (const act of ended) act();
}
const ended = new Set();
export const whenEnded = act => ended.add(act);

// A key that this browser remembers is given by itself, once for each run that waits for one.
const recalled = new Set();
function recall(run) {
  if (recalled.has(run.id)) return;
  recalled.add(run.id);
  giveRemembered(run.platform)?.catch(() => recalled.delete(run.id));
}

export function forget(id, error = null) {
  const wasRunning = state.runs[id]?.running;
  const { [id]: _, ...runs } = state.runs;
  const takes = state.takes.filter(other => other !== id);
  const past = state.past && { ...state.past, entries: state.past.entries?.filter(entry => entry.id !== id) };
  set({ runs, takes, past, shown: state.shown === id ? takes.at(-1) ?? "next" : state.shown });
  if (wasRunning && error) tell(error, { tone: "bad" });
}

export async function stop(run) {
  set({ stopping: run.id });
  const { run: stopped, error } = await insist("stop_run", { run: run.id });
  if (error) tell(error, { tone: "bad" });
  else set({ runs: { ...state.runs, [run.id]: received(stopped) } });
  set({ stopping: null });
}

// The form as it was when a set was made.
export async function remix(id) {
  const { draft, missing, error } = await insist("remix", { run: id, preset: state.draft.preset });
  if (error) return tell(error, { tone: "bad" });
  apply(draft, words.history.remixed(missing));
  set({ place: "studio", shown: "next" });
  document.querySelector("#composer")?.scrollIntoView({ block: "start" });
}

export async function useAsReference(run, index) {
  const { references, error } = await insist("use_result", { run: run.id, index });
  if (error) return tell(error, { tone: "bad" });
  addReferences(references);
  tell(words.stage.used(index));
}

export async function exportSet(run, kind) {
  const { url, name, error } = await insist("export_run", { run: run.id, kind });
  if (error) return tell(error, { tone: "bad" });
  await save(url, name);
}

// By way of a blob: a name in the server's answer would win over the one given here.
export async function save(url, name) {
  const blob = await fetch(url).then(answer => answer.ok && answer.blob()).catch(() => null);
  if (!blob) return tell(words.stage.notSaved(name), { tone: "bad" });
  const href = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

// The same set, drawn here for nothing.
export async function previewed() {
  change({ platform: "sketch", model: "" });
  await describe();
  if (state.view.quote?.free) generate();
}
