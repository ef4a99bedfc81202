// Small controls that several parts of the form share.
import { remember } from "./form.js";
import { useStore } from "./store.js";
import { html, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import words from "./words.js";

// What stands against the request, beside the field it is about.
const faults = (view, fields) => (view?.problems ?? []).filter(problem => fields.includes(problem.field));
export const faulty = (view, field) => faults(view, [field]).length > 0;
export function Problems({ fields }) {
  const { view } = useStore();
  return faults(view, fields).map(problem => html`<p class="problem" key=${problem.message}>${problem.message}</p>`);
}

// A text box that grows with its text.
export function Text({ value, onText, label, rows = 1, ...rest }) {
  const box = useRef(null);
  const fit = () => {
    const node = box.current;
    if (!node?.offsetWidth) return;
    node.style.height = "auto";
    node.style.height = `${node.scrollHeight + 2}px`;
  };
  useLayoutEffect(fit, [value]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => requestAnimationFrame(fit)); // a phone that is turned, a form that is shown again
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return html`<textarea ref=${box} rows=${rows} value=${value} aria-label=${label} dir="auto" onFocus=${remember}
    onInput=${event => onText(event.target.value)} ...${rest}></textarea>`;
}

// One choice of a few, all in sight. An entry with a reason cannot be chosen and says why.
export function Choice({ name, label, value, entries, onPick, className = "" }) {
  return html`<fieldset class="choice ${className}">
    <legend>${label}</legend>
    <div class="choice-row">
      ${entries.map(entry => html`<label key=${entry.value} class=${entry.reason ? "off" : ""} title=${entry.reason ?? entry.title ?? ""}>
        <input type="radio" name=${name} checked=${entry.value === value} disabled=${Boolean(entry.reason)}
          onChange=${() => onPick(entry.value)} />
        <span>${entry.glyph}${entry.label}${entry.sub && html`<small>${entry.sub}</small>`}</span>
        ${entry.reason && html`<span class="sr">${entry.reason}</span>`}
      </label>`)}
    </div>
  </fieldset>`;
}

export function Switch({ label, checked, onFlip, note }) {
  return html`<label class="switch">
    <input type="checkbox" role="switch" checked=${checked} onChange=${event => onFlip(event.target.checked)} />
    <span class="switch-track" aria-hidden="true"></span>
    <span class="switch-words"><b>${label}</b><small>${note}</small></span>
  </label>`;
}

// Says that it was copied only where it was.
export function Copy({ text, className = "quiet" }) {
  const [copied, setCopied] = useState(false);
  const copy = async event => {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!copiedByHand(text, button)) return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return html`<button type="button" class=${className} onClick=${copy}>${copied ? words.more.copied : words.more.copy}</button>`;
}

// Where the page may not write to the clipboard, as in some frames.
function copiedByHand(text, beside) {
  const box = Object.assign(document.createElement("textarea"), { value: text, className: "sr", readOnly: true });
  beside.after(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  beside.focus();
  return copied;
}
