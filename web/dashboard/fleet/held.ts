// A list that changes on its own must not move under a reader. While the pointer or the focus is in it, what is new waits,
// and a button in its head says how much.
import { html, nothing, type TemplateResult } from "lit-html";
import { counted } from "../base/numbers.js";

export interface Held<T> {
  shown(): T | null;
  waiting(): number; // how many rows are new in what is held back
  offer(next: T): void;
  show(): void; // what is held back
}

const patience = 500; // ms between looks whether the reader has left

// `keysOf` names the rows of a list, so that it is known which are new. `selector`: where the list is drawn.
export function held<T>(selector: string, keysOf: (list: T) => string[], changed: () => void): Held<T> {
  let shown: T | null = null;
  let next: T | null = null;
  let timer = 0;

  const isRead = (): boolean => {
    const place = document.querySelector(selector);
    return place !== null && (place.matches(":hover") || place.contains(document.activeElement));
  };
  const show = (): void => {
    clearInterval(timer);
    timer = 0;
    if (next !== null) shown = next;
    next = null;
    changed();
  };
  return {
    shown: () => shown,
    waiting() {
      if (shown === null || next === null) return 0;
      const known = new Set(keysOf(shown));
      return keysOf(next).filter((key) => !known.has(key)).length;
    },
    offer(offered) {
      next = offered;
      if (shown === null || !isRead()) return show();
      timer ||= setInterval(() => isRead() || show(), patience) as unknown as number;
      changed();
    },
    show,
  };
}

export const newButton = (waiting: number, show: () => void): TemplateResult | typeof nothing =>
  waiting === 0 ? nothing : html`<button class="button plain fresh" @click=${show}>${counted(waiting, "new", "new")}</button>`;
