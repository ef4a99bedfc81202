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
export const visitor = (() => {
  try {
    const known = localStorage.getItem(TOKEN) ?? random();
    localStorage.setItem(TOKEN, known);
    return known;
  } catch {
    return random();
  }
})();

let env = null;
let ready;
export const connected = new Promise(resolve => (ready = resolve));

export function connect(given) {
  env = given;
  ready(given.boot);
}

// Resolves to the server's answer; `{error}` where it refused. Throws only where no answer came.
export async function ask(name, message) {
  await connected;
  try {
    const answer = await env.server[name]({ ...message, visitor, session });
    if (answer === null || typeof answer !== "object") throw new Error("no answer");
    if (state.offline) set({ offline: false });
    return answer;
  } catch (error) {
    if (!state.offline) set({ offline: true });
    throw error;
  }
}

export const upload = file => env.upload(file);
