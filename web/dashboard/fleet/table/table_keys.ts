// The keyboard in the table: Tab enters it at one row, the arrow keys move from row to row, "/" searches, "?" helps.
import { showMore } from "./more_dialog.js";
import type { Viewport, Visible } from "./viewport.js";

export interface TableKeys {
  entry(visible: Visible): number; // the row that Tab enters
  drawn(): void; // the rows are there: the focus can go to one
  forget(): void; // another list
  close(): void;
}

export function tableKeys(section: HTMLElement, view: Viewport, rowCount: () => number, redraw: () => void): TableKeys {
  const table = section.querySelector<HTMLElement>('[role="table"]')!;
  let active: number | null = null;
  let focusWanted = false;
  let hadFocus = false;

  const linkOf = (row: number): HTMLElement | null => section.querySelector(`.body [data-index="${row}"] a.id`);

  function step(key: string): number | undefined {
    const at = active ?? 0;
    const page = view.rowsInSight() - 1;
    return { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - page, PageDown: at + page, Home: 0, End: rowCount() - 1 }[key];
  }

  function onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = step(event.key);
    if (next === undefined || rowCount() === 0) return;
    event.preventDefault();
    active = Math.min(rowCount() - 1, Math.max(0, next));
    focusWanted = true;
    view.scrollTo(active);
    redraw();
  }

  function onFocus(event: FocusEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (row === null) return;
    active = Number(row.dataset.index);
    hadFocus = true;
  }

  function onPageKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.closest("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      const search = section.querySelector<HTMLInputElement>('input[name="q"]')!;
      search.focus();
      search.select();
    } else if (event.key === "?") void showMore([]);
  }

  const onBlur = (event: FocusEvent): void => void (hadFocus = event.relatedTarget === null && hadFocus);
  table.addEventListener("keydown", onKey);
  table.addEventListener("focusin", onFocus);
  table.addEventListener("focusout", onBlur);
  document.addEventListener("keydown", onPageKey);
  return {
    entry: ({ first, end }) => (active !== null && (active >= first && active < end) ? active : first),
    drawn() {
      if (focusWanted && active !== null) {
        const link = linkOf(active);
        if (link === null) return table.focus({ preventScroll: true }); // until the row is read
        focusWanted = false;
        link.focus({ preventScroll: true });
      } else if (hadFocus && active !== null && linkOf(active) === null && document.activeElement === document.body) {
        table.focus({ preventScroll: true }); // the row was scrolled away: the keys go on from it
      }
    },
    forget() {
      active = null;
      focusWanted = false;
    },
    close: () => document.removeEventListener("keydown", onPageKey),
  };
}
