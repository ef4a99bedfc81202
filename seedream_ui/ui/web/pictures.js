// Pictures coming in: chosen, dropped or pasted.
import { addReferences } from "./form.js";
import { ask, upload } from "./server.js";
import { set, state, tell } from "./store.js";
import words from "./words.js";

const MAX_BYTES = 20 * 1024 * 1024;

const named = sentence => /^“.*?”/.exec(sentence)?.[0] ?? sentence;

export async function bringIn(files) {
  const fit = [];
  for (const file of files) {
    if (file.size > MAX_BYTES) tell(words.references.tooLarge(file.name), { tone: "bad" });
    else fit.push(file);
  }
  if (!fit.length) return;
  set({ uploading: state.uploading + fit.length });
  try {
    const sent = await Promise.all(fit.map(async file => ({ path: (await upload(file)).path, name: file.name })));
    const { references = [], refused = [], error } = await ask("bring_in", { files: sent });
    const bad = error ? [error] : refused.length > 3 ? [...refused.slice(0, 2), words.references.moreRefused(refused.slice(2).map(named))] : refused;
    for (const text of bad) tell(text, { tone: "bad" });
    if (references.length) addReferences(references);
  } catch {
    tell(words.references.failed, { tone: "bad" });
  } finally {
    set({ uploading: state.uploading - fit.length });
  }
}

const filesOf = transfer => [...(transfer?.files ?? [])];

export function listenForPictures() {
  addEventListener("paste", event => {
    const files = filesOf(event.clipboardData);
    if (files.length) {
      event.preventDefault();
      bringIn(files);
    }
  });
  const over = on => document.body.classList.toggle("dropping", on);
  addEventListener("dragover", event => {
    if ([...(event.dataTransfer?.types ?? [])].includes("Files")) {
      event.preventDefault();
      over(true);
    }
  });
  addEventListener("dragleave", event => event.relatedTarget || over(false));
  addEventListener("drop", event => {
    const files = filesOf(event.dataTransfer);
    over(false);
    if (files.length) {
      event.preventDefault();
      bringIn(files);
    }
  });
}
