// The body of the table: it is as high as all rows, and draws those in sight.
import { render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Rows } from "./rows.js";
import { tableKeys, type TableKeys } from "./table_keys.js";
import { ghostRow, highlightFor, isFresh, rowView } from "./view.js";
import { viewport, type Visible } from "./viewport.js";

export interface TableBody {
  draw(rowCount: number): void;
  visible(): Visible;
  scrollBackTo(scroll: number): void; // with the next drawing
  forgetFocus(): void; // another list
  close(): void;
}

const overscan = 8; // rows drawn beyond those in sight
const usualRowHeight = 36; // px, until one was drawn

export function tableBody(section: HTMLElement, rows: Rows, redraw: () => void): TableBody {
  const body = section.querySelector<HTMLElement>(".body")!;
  const heightOf = (selector: string): number => document.querySelector(selector)?.clientHeight ?? 0;
  const view = viewport(body, () => heightOf(".bar") + heightOf(".devices .stick"), redraw);
  const keys: TableKeys = tableKeys(section, view, () => rows.total() ?? 0, redraw);
  let scrollWanted: number | null = null;
  let fading = 0; // a timer

  const rowHeight = (): number => body.querySelector<HTMLElement>(":scope > .row")?.offsetHeight || usualRowHeight;

  function scrollBack(): void {
    if (scrollWanted === null) return;
    const { before, after } = view.place({ first: 0, end: 0 });
    body.style.paddingBlock = `${before}px ${after}px`;
    scrollTo(0, scrollWanted);
    scrollWanted = null;
  }

  function drawRows(drawn: Visible, entry: number): void {
    let isFading = false;
    const indices = Array.from({ length: Math.max(0, drawn.end - drawn.first) }, (_, i) => drawn.first + i);
    render(repeat(indices, (index) => index, (index) => {
      const row = rows.row(index);
      if (row === undefined) return ghostRow(index);
      isFading ||= isFresh(row);
      return rowView(row, index, index === entry);
    }), body);
    if (!isFading) return;
    clearTimeout(fading);
    fading = setTimeout(redraw, highlightFor) as unknown as number;
  }

  return {
    draw(rowCount) {
      view.resize(rowCount, rowHeight());
      if (rows.total() !== null) scrollBack();
      const visible = view.visible();
      rows.need(visible);
      const drawn = { first: Math.max(0, visible.first - overscan), end: Math.min(rowCount, visible.end + overscan) };
      drawRows(drawn, keys.entry(visible));
      const { before, after } = view.place(drawn);
      body.style.paddingBlock = `${before}px ${after}px`;
      keys.drawn();
    },
    visible: view.visible,
    scrollBackTo: (scroll) => void (scrollWanted = scroll),
    forgetFocus: keys.forget,
    close() {
      clearTimeout(fading);
      keys.close();
      view.close();
    },
  };
}
