// The pictures of index.html's sprite. Each stands beside a word, or in a button that has a label.
import { html, type TemplateResult } from "lit-html";

export type IconName = "brand" | "silent" | "outage" | "battery" | "falling" | "weak" | "clock" | "flapping" | "muted"
  | "back" | "on" | "off" | "search" | "x" | "plus" | "left" | "up" | "copy" | "theme" | "key" | "more" | "warn";

export const icon = (name: IconName): TemplateResult =>
  html`<svg class="icon" aria-hidden="true"><use href=${`#i-${name}`}></use></svg>`;
