// The table of devices: search and filter, the order, and all rows that match.
import { html, nothing, render, type TemplateResult } from "lit-html";
import { drawing } from "../../base/watched.js";
import { manyActions } from "../../device/dialogs/many_actions.js";
import { hasFilter, type List } from "../filter.js";
import { tableBody } from "./body.js";
import { askForFilter } from "./filter_dialog.js";
import { showMore } from "./more_dialog.js";
import { movesOf } from "./moves.js";
import { rowsOfService } from "./rows.js";
import { saveCsv } from "./save_csv.js";
import { noMatch, orderLine, tools, type ToolActions } from "./tools.js";
import { typedSearch } from "./typed_search.js";
import { head, sortChoices } from "./view.js";

export interface Table {
  show(list: List, isReturn: boolean): void; // a return goes where it was, and is not led to the list
  sortAgain(): void;
  fleetHas(devices: number): void;
  scrollBackTo(scroll: number): void; // once the rows are there
  close(): void;
}

const refreshEvery = 3_000; // ms
const ghosts = 12; // rows, before it is known how many there are
const loadingAfter = 200; // ms

// Draws into `section`.
export function deviceTable(section: HTMLElement, first: List): Table {
  let list = first;
  let fleet: number | null = null;
  let readSince = 0;
  const draw = drawing(drawNow);
  const rows = rowsOfService(draw);
  const moves = movesOf(section);
  const typed = typedSearch(() => moves.open(typed.into(list), { replace: true }));
  const open = (next: List): void => moves.open(typed.into(next));
  render(html`<div class="above"></div><div role="table" aria-labelledby="dev" tabindex="-1"><div class="stick"
role="rowgroup"></div><div class="body" role="rowgroup"></div></div><div class="below"></div>`, section);
  const [above, table, stick, below] = [".above", '[role="table"]', ".stick", ".below"]
    .map((selector) => section.querySelector<HTMLElement>(selector)!) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
  const body = tableBody(section, rows, draw);

  const sortAgain = (): void => {
    readSince = Date.now();
    rows.read(list);
    draw();
    setTimeout(draw, loadingAfter);
  };
  const csv = (): void => void saveCsv(list).catch(() => {}); // the browser shows no file then
  const actions: ToolActions = {
    csv, remove: open, search: typed.type,
    filter: () => void askForFilter(list, (filter) => open({ ...list, filter })),
    // Where rows have two lines, there is no head to sort by and no button for CSV.
    more: () => void showMore([{ words: "Save as CSV", run: csv }, ...sortChoices.map(({ words, ...order }) =>
      ({ words: `Sort by ${words}`, run: () => open({ ...list, ...order }) })),
      { words: "Mute these devices until…", run: () => void ofAll().mute() },
      { words: "Remove these devices…", isDangerous: true, run: () => void ofAll().remove() }]),
  };
  const ofAll = () => manyActions(list.filter, rows.total() ?? 0, sortAgain);

  function toolsView(): TemplateResult {
    const total = rows.total();
    const added = hasFilter(list) || total === null || fleet === null ? 0 : Math.max(0, fleet - total);
    const state = { total, all: fleet, orderedAt: rows.orderedAt(), wouldMove: rows.wouldMove(), added };
    return html`${tools(list, typed.text(list), actions)}${orderLine(list, state, sortAgain)}`;
  }

  function belowView(): TemplateResult | typeof nothing {
    const failure = rows.failure();
    if (failure === null || failure.status === 401)
      return rows.total() === 0 && hasFilter(list) ? noMatch(list, open) : nothing;
    const words = failure.status === 0 ? "No answer came" : `The service answered ${failure.status}`;
    return html`<p class="quiet" role="status">${words} to <code>${failure.path}</code>. This list tries again.</p>`;
  }

  // Not before the table has its place: the rest of the page is drawn in a frame of its own then.
  function drawNow(): void {
    if (!section.isConnected) return;
    const total = rows.total();
    render(toolsView(), above);
    render(head(list, (sort, order) => open({ ...list, sort, order })), stick);
    render(belowView(), below);
    table.setAttribute("aria-rowcount", String(total === null ? -1 : total + 1));
    table.toggleAttribute("hidden", total === 0);
    // The rows of the list before stay until those of the next are there, or are late.
    if (total !== null || Date.now() - readSince >= loadingAfter) body.draw(total ?? ghosts);
  }

  const refresh = setInterval(() => {
    if (!document.hidden && rows.total() !== null) rows.refresh(body.drawn()).catch(() => {}); // the next one may do
  }, refreshEvery);
  const size = new ResizeObserver(draw);
  size.observe(section);
  sortAgain();
  return {
    show(next, isReturn) {
      list = next;
      typed.forget();
      body.forgetFocus();
      sortAgain();
      const { top } = section.getBoundingClientRect();
      const isOwn = moves.isOwn();
      if (isReturn) return;
      if (!isOwn && !hasFilter(list)) scrollTo(0, 0);
      else if (top < 0 || (!isOwn && top > innerHeight / 2)) section.scrollIntoView();
    },
    sortAgain,
    fleetHas(devices) {
      if (devices === fleet) return;
      fleet = devices;
      if (rows.total() === 0 && !hasFilter(list)) sortAgain(); // there is no order yet that could be kept
      draw();
    },
    scrollBackTo(scroll) {
      body.scrollBackTo(scroll);
      draw();
    },
    close() {
      clearInterval(refresh);
      size.disconnect();
      typed.close();
      body.close();
      rows.close();
    },
  };
}
