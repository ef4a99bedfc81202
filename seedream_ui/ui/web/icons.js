import { html } from "./vendor/preact.js";

const PATHS = {
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  left: "M12 4l-6 6 6 6",
  right: "M8 4l6 6-6 6",
  up: "M5 12l5-5 5 5",
  down: "M5 8l5 5 5-5",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  copy: "M7 7h9v9H7zM4 13V4h9",
  expand: "M4 8V4h4M16 8V4h-4M4 12v4h4M16 12v4h-4",
  download: "M10 3v10M6 9.5l4 4 4-4M4 17h12",
  reference: "M3 5h14v10H3zM3 12l4-3 4 3 3-2 3 2",
  play: "M6 4l10 6-10 6z",
  pause: "M7 4v12M13 4v12",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  vary: "M4 7h9l-2.5-2.5M16 13H7l2.5 2.5",
  search: "M9 4a5 5 0 100 10A5 5 0 009 4zM12.7 12.7L17 17",
  sun: "M10 3v2M10 15v2M3 10h2M15 10h2M5 5l1.5 1.5M13.5 13.5L15 15M5 15l1.5-1.5M13.5 6.5L15 5M10 7a3 3 0 100 6 3 3 0 000-6z",
  moon: "M16 12.5A6.5 6.5 0 117.5 4 5.2 5.2 0 0016 12.5z",
};

export const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
