// Runs: the server owns them, this page starts and follows.
import { addReferences, change, describe, slim } from "./form.js";
import { ask, random } from "./server.js";
import { MOST_TAKES, saveTakes, set, state, tell } from "./store.js";
import words from "./words.js";

const following = new Set();

export const shownRun = () => state.runs[state.shown] ?? null;
export const runningRun = () => state.takes.map(id => state.runs[id]).findLast(run => run?.running) ?? null;

// The set to lay beside the one that is shown: the newest that differs in Seq, else the newest before it.
export function comparable() {
  const shown = shownRun();
  const others = state.takes.map(id => state.runs[id]).filter(run => run?.returned && run !== shown);
  return shown ? others.findLast(run => run.sequence !== shown.sequence) ?? others.at(-1) ?? null : null;
}
export const comparedRun = () => (state.comparing ? comparable() : null);

// What is sent is what the button said: a press that overtakes the server's word on the form waits for it.
export async function generate() {
  const { ready, label } = state.view?.button ?? {};
  if (!ready || state.sending || runningRun()) return;
  if (state.described !== state.draft) {
    set({ sending: true });
    await describe();
    set({ sending: false });
    if (state.view.button.label !== label) return tell(words.bar.changed(state.view.button.label));
  }
  await press("start_run", { draft: slim(state.draft) });
}

// The answer of a paid press was lost: look at the platform once more, or make the set anew and perhaps pay twice.
export async function lookAgain(run) {
  const { run: looked, error } = await insist("look_again", { run: run.id });
  if (error) return tell(error, { tone: "bad" });
  take(looked);
}
export const submitAgain = run => press("again_run", { run: run.id });

export const vary = run => press("vary_run", { run: run.id });

// The press has an id of its own: sent again after a lost answer, it still makes one run.
async function press(name, message) {
  if (state.sending || runningRun()) return;
  set({ sending: true });
  const { run, error } = await insist(name, { ...message, press: random() });
  set({ sending: false });
  if (error) tell(error, { tone: "bad" });
  else take(run);
}

// Asks until an answer comes; that none came is said by the notice.
async function insist(name, message) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await ask(name, message);
    } catch {
      await new Promise(resolve => setTimeout(resolve, wait));
    }
  }
}

function take(run) {
  const takes = [...state.takes.filter(id => id !== run.id), run.id].slice(-MOST_TAKES);
  set({ takes, runs: { ...state.runs, [run.id]: run }, shown: run.id });
  saveTakes();
  follow(run.id);
  if (innerWidth < 900) document.querySelector("#stage")?.scrollIntoView({ block: "start" }); // a smooth one is broken off by the first news
}

// Follows a run to its end, through lost connections; an id that the server no longer knows is dropped.
export async function follow(id) {
  if (following.has(id)) return;
  following.add(id);
  for (let version = -1; ; ) {
    const { run, error } = await insist("follow_run", { run: id, version });
    if (error) {
      forget(id, error);
      break;
    }
    version = run.version;
    set({ runs: { ...state.runs, [id]: { ...run, received: performance.now() } } });
    if (!run.open) break;
  }
  following.delete(id);
  if (state.stopping === id) set({ stopping: null });
}

function forget(id, error) {
  const wasRunning = state.runs[id]?.running;
  const { [id]: _, ...runs } = state.runs;
  set({ runs, takes: state.takes.filter(other => other !== id), shown: state.shown === id ? "next" : state.shown });
  saveTakes(id);
  if (wasRunning) tell(error, { tone: "bad" });
}

export async function stop(run) {
  set({ stopping: run.id });
  await insist("stop_run", { run: run.id });
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

export const useSketch = () => change({ platform: "sketch", model: "" });
