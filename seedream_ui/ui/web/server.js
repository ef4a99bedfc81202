// The way to the server: Gradio's server functions of the composer, and its upload.
import { set, state } from "./store.js";

export const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");

// This tab's session: the id under which the server holds its keys.
export const session = (() => {
  try {
    const known = sessionStorage.getItem("studio.session") ?? random();
    sessionStorage.setItem("studio.session", known);
    return known;
  } catch {
    return random();
  }
})();

// This browser's token: what it makes is its own, on every tab and after every restart. Whoever has it has the sets.
const TOKEN = "studio.visitor";
const WELL_FORMED = /^[0-9a-f]{32}$/;
let token = (() => {
  try {
    const known = localStorage.getItem(TOKEN) ?? "";
    const own = WELL_FORMED.test(known) ? known : random();
    localStorage.setItem(TOKEN, own);
    return own;
  } catch {
    return random();
  }
})();
export const visitor = () => token;

// The token as people copy it, in groups; and back, with spaces, dashes and capitals as they come.
export const recoveryCode = () => token.match(/.{4}/g).join(" ");
export function tokenOf(code) {
  const plain = code.toLowerCase().replace(/[^0-9a-z]/g, "");
  return WELL_FORMED.test(plain) ? plain : null;
}

// From now on this browser is that visitor; its other tabs too.
export function become(other) {
  token = other;
  try { localStorage.setItem(TOKEN, other); } catch { /* it holds for this page */ }
}

// `act` is called when another tab has become somebody else.
export const whenAnother = act => addEventListener("storage", ({ key, newValue }) => {
  if (key !== TOKEN || !WELL_FORMED.test(newValue) || newValue === token) return;
  token = newValue;
  act();
});

let env = null;
let ready;
export const connected = new Promise(resolve => (ready = resolve));

export function connect(given) {
  env = given;
  ready(given.boot);
}

let back = () => {};
// `act` is called when the server answers again after it did not: it may be another one, which holds no keys.
export const whenBack = act => (back = act);

// Resolves to the server's answer; `{error}` where it refused. Throws only where no answer came.
export async function ask(name, message) {
  await connected;
  try {
    const answer = await env.server[name]({ ...message, visitor: token, session });
    if (answer === null || typeof answer !== "object") throw new Error("no answer");
    if (state.offline) {
      set({ offline: false });
      back();
    }
    return answer;
  } catch (error) {
    if (!state.offline) set({ offline: true });
    throw error;
  }
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// Asks until an answer comes; that none came is said by the notice. `after` is what is asked once an answer was lost.
export async function insist(name, message, after = message) {
  for (let wait = 500, asked = message; ; wait = Math.min(wait * 2, 8000), asked = after) {
    try {
      return await ask(name, asked);
    } catch {
      await pause(wait);
    }
  }
}

export const upload = file => env.upload(file);
