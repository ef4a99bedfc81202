// The entry: Gradio mounts the composer and the stage, each with its element; both share one state.
import { Composer } from "./composer.js";
import { describe, saveNow } from "./form.js";
import { HeaderTools, Notices } from "./frame.js";
import { askAccount } from "./keys.js";
import { keepAddress, listenForChanges, lookAnew } from "./past.js";
import { listenForPictures } from "./pictures.js";
import { generate, lookAround, startOver, whenEnded } from "./runs.js";
import { ask, connect, whenAnother, whenBack } from "./server.js";
import { Stage } from "./stage.js";
import { savedDraft, set, state, storageWorks, tell } from "./store.js";
import { html, render } from "./vendor/preact.js";
import { Viewer } from "./viewer.js";
import words from "./words.js";

export function mount(name, element, env) {
  element.replaceChildren();
  if (name === "stage") render(html`<${Stage} />`, element);
  else begin(element, env);
}

function begin(element, env) {
  connect(env);
  set({ draft: restored(env.boot.first), boot: env.boot });
  render(html`<${Composer} />`, element);
  render(html`<${HeaderTools} />`, document.querySelector("#header-tools"));
  const beyond = document.body.appendChild(Object.assign(document.createElement("div"), { id: "beyond" }));
  render(html`<${Notices} /><${Viewer} />`, beyond);
  describe();
  checkReferences();
  lookAround();
  whenAnother(() => (startOver(), lookAnew()));
  whenBack(() => (set({ given: {} }), describe(), lookAround()));
  listenForChanges();
  whenEnded(askAccount);
  keepAddress();
  listenForPictures();
  if (!storageWorks) tell(words.notices.storage, { tone: "bad steady" });
  else if (env.boot.ephemeral) tell(words.notices.ephemeral, { tone: "steady" });
  addEventListener("pagehide", saveNow);
  addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      generate();
    }
  });
}

// An older draft may lack what a newer form has.
const restored = first => ({ ...structuredClone(first), ...savedDraft() });

async function checkReferences() {
  const { references } = state.draft;
  if (!references.length) return;
  const { missing = [] } = await ask("missing_references", { sha256: references.map(item => item.sha256) });
  if (!missing.length) return;
  const kept = references.filter(item => !missing.includes(item.sha256));
  set({ draft: { ...state.draft, references: kept } });
  tell(words.references.gone(missing.length), { tone: "bad" });
  describe();
}
