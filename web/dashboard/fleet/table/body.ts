// The body of the table: it is as high as all rows, and draws those in sight.
import { render } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import type { Rows } from "./rows.js";
import { tableKeys, type TableKeys } from "./table_keys.js";
import { ghostRow, highlightFor, isFresh, rowView } from "./view.js";
import { viewport, type Visible } from "./viewport.js";

export interface TableBody {
  draw(rowCount: number): void;
  drawn(): Visible; // which rows are there
  scrollBackTo(scroll: number): void; // with the next drawing
  forgetFocus(): void; // another list
  close(): void;
}

const overscan = 8; // rows drawn beyond those in sight, a frame later if those are new
const agesGrowEvery = 10_000; // ms
const usualRowHeight = 36; // px, until one was drawn

export function tableBody(section: HTMLElement, rows: Rows, redraw: () => void): TableBody {
  const body = section.querySelector<HTMLElement>(".body")!;
  const heightOf = (selector: string): number => document.querySelector(selector)?.clientHeight ?? 0;
  const view = viewport(body, () => heightOf(".bar") + heightOf(".devices .stick"), redraw);
  const keys: TableKeys = tableKeys(section, view, () => rows.total() ?? 0, redraw);
  let scrollWanted: number | null = null;
  let fading = 0; // a timer
  let drawn: Visible = { first: 0, end: 0 };

  const rowHeight = (): number => body.querySelector<HTMLElement>(":scope > .row")?.offsetHeight || usualRowHeight;

  function scrollBack(): void {
    if (scrollWanted === null) return;
    const { before, after } = view.place({ first: 0, end: 0 });
    body.style.paddingBlock = `${before}px ${after}px`;
    scrollTo(0, scrollWanted);
    scrollWanted = null;
  }

  // A frame that has to draw all rows in sight draws no others.
  function toDraw(visible: Visible, rowCount: number): Visible {
    const isNew = visible.first < drawn.first || visible.end > drawn.end;
    if (isNew) redraw();
    if (isNew) return visible;
    return { first: Math.max(0, visible.first - overscan), end: Math.min(rowCount, visible.end + overscan) };
  }

  function drawRows(entry: number): void {
    let isFading = false;
    const age = Math.floor(Date.now() / agesGrowEvery);
    const indices = Array.from({ length: Math.max(0, drawn.end - drawn.first) }, (_, i) => drawn.first + i);
    render(repeat(indices, (index) => index, (index) => {
      const row = rows.row(index);
      if (row === undefined) return ghostRow(index);
      const { device, isGone } = row;
      const isChanged = isFresh(row);
      isFading ||= isChanged;
      return guard([device, isGone, isChanged, index === entry, age], () => rowView(row, index, index === entry));
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
      drawn = toDraw(visible, rowCount);
      drawRows(keys.entry(visible));
      const { before, after } = view.place(drawn);
      body.style.paddingBlock = `${before}px ${after}px`;
      keys.drawn();
    },
    drawn: () => drawn,
    scrollBackTo: (scroll) => void (scrollWanted = scroll),
    forgetFocus: keys.forget,
    close() {
      clearTimeout(fading);
      keys.close();
      view.close();
    },
  };
}
