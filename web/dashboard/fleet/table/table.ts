// The table of devices: it has as many rows as the fleet, and draws those that are in sight.
import { html, nothing, render, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { go } from "../../base/router.js";
import { drawing } from "../../base/watched.js";
import { hasFilter, hrefOf, type List } from "../filter.js";
import { askForFilter } from "./filter_dialog.js";
import { manyActions } from "../../device/dialogs/many_actions.js";
import { showMore } from "./more_dialog.js";
import { rowsOfService } from "./rows.js";
import { saveCsv } from "./save_csv.js";
import { tableKeys } from "./table_keys.js";
import { noMatch, orderLine, tools } from "./tools.js";
import { ghostRow, head, isFresh, rowView, sortChoices } from "./view.js";
import { viewport, type Visible } from "./viewport.js";

export interface Table {
  show(list: List, isReturn: boolean): void; // a return goes where it was, and is not led to the list
  sortAgain(): void;
  fleetHas(devices: number): void;
  scrollBackTo(scroll: number): void; // once the rows are there
  close(): void;
}

const overscan = 8; // rows drawn beyond those in sight
const refreshEvery = 3_000; // ms
const searchAfter = 200; // ms without typing
const ghosts = 12; // rows, before it is known how many there are
const loadingAfter = 200; // ms

// Draws into `section`.
export function deviceTable(section: HTMLElement, first: List): Table {
  let list = first;
  let fleet: number | null = null;
  let scrollWanted: number | null = null;
  let loadingSince = Date.now();
  let searchTimer = 0;
  let saving = false;
  const draw = drawing(drawNow);
  const rows = rowsOfService(() => draw());

  const bodyOf = (): HTMLElement => section.querySelector<HTMLElement>(".body")!;
  const covered = (): number =>
    (document.querySelector(".bar")?.clientHeight ?? 0) + (section.querySelector(".stick")?.clientHeight ?? 0);

  render(html`<div class="above"></div><div role="table" aria-labelledby="dev" tabindex="-1"><div class="stick"
role="rowgroup"></div><div class="body" role="rowgroup"></div></div><div class="below"></div>`, section);
  const view = viewport(bodyOf(), covered, draw);
  const keys = tableKeys(section, view, () => rows.total() ?? 0, draw);

  // What is asked for from within the table moves the page only if its head is out of sight.
  let isOwn = false;
  const own = (act: () => void): void => {
    isOwn = true;
    act();
    isOwn = false;
  };
  const openList = (next: List): void => own(() => go(hrefOf(next)));
  const sortAgain = (): void => {
    loadingSince = Date.now();
    rows.read(list);
    draw();
  };

  function search(text: string): void {
    clearTimeout(searchTimer);
    const { q: _, ...rest } = list.filter;
    const next = { ...list, filter: text === "" ? rest : { ...rest, q: text } };
    searchTimer = setTimeout(() => own(() => go(hrefOf(next), { replace: true })), text === "" ? 0 : searchAfter) as unknown as number;
  }

  async function csv(): Promise<void> {
    if (saving) return;
    saving = true;
    draw();
    await saveCsv(list).catch(() => {});
    saving = false;
    draw();
  }

  const actions = {
    search, remove: openList, csv: () => void csv(),
    filter: () => void askForFilter(list, (filter) => openList({ ...list, filter })),
    // Where rows have two lines, there is no head to sort by and no button for CSV.
    more: () => void showMore([{ words: "Save as CSV", run: () => void csv() }, ...sortChoices.map(({ words, ...order }) =>
      ({ words: `Sort by ${words}`, run: () => openList({ ...list, ...order }) })),
      { words: "Mute these devices until…", run: () => void ofAll().mute() },
      { words: "Remove these devices…", run: () => void ofAll().remove() }]),
  };
  const ofAll = () => manyActions(list.filter, rows.total() ?? 0, sortAgain);

  function above(): TemplateResult {
    const total = rows.total();
    const added = hasFilter(list) || total === null || fleet === null ? 0 : Math.max(0, fleet - total);
    return html`${tools(list, actions)}${orderLine(list, { total, all: fleet, orderedAt: rows.orderedAt(), wouldMove: rows.wouldMove(), added }, sortAgain)}`;
  }

  function below(): TemplateResult | typeof nothing {
    const failure = rows.failure();
    if (failure !== null && failure.status !== 401)
      return html`<p class="quiet" role="status">${failure.status === 0 ? "No answer came" : `The service answered ${failure.status}`}
to <code>${failure.path}</code>. This list tries again.</p>`;
    return rows.total() === 0 && hasFilter(list) ? noMatch(list, openList) : nothing;
  }

  function drawNow(): void {
    const total = rows.total();
    const isLoading = total === null && Date.now() - loadingSince >= loadingAfter;
    const count = total ?? (isLoading ? ghosts : 0);
    render(above(), section.querySelector<HTMLElement>(".above")!);
    render(head(list, (sort, order) => openList({ ...list, sort, order })), section.querySelector<HTMLElement>(".stick")!);
    render(below(), section.querySelector<HTMLElement>(".below")!);
    const table = section.querySelector('[role="table"]')!;
    table.setAttribute("aria-rowcount", String(total === null ? -1 : total + 1));
    table.toggleAttribute("hidden", total === 0);
    if (total !== null || isLoading) view.resize(count, rowHeight());
    if (scrollWanted !== null && total !== null) {
      bodyOf().style.paddingBlockEnd = `${view.place({ first: 0, end: 0 }).after}px`;
      scrollTo(0, scrollWanted);
      scrollWanted = null;
    }
    // The rows of the list before stay until those of the next are there, or are late.
    if (total !== null || isLoading) drawRows(count);
  }

  function rowHeight(): number {
    const row = section.querySelector<HTMLElement>(".body > .row");
    return row && row.offsetHeight > 0 ? row.offsetHeight : 36;
  }

  function drawRows(count: number): void {
    const visible = view.visible();
    rows.need(visible);
    const drawn: Visible = { first: Math.max(0, visible.first - overscan), end: Math.min(count, visible.end + overscan) };
    const indices = Array.from({ length: Math.max(0, drawn.end - drawn.first) }, (_, i) => drawn.first + i);
    const entry = keys.entry(visible);
    let fresh = false;
    const body = bodyOf();
    render(repeat(indices, (index) => index, (index) => {
      const row = rows.row(index);
      if (row === undefined) return ghostRow(index);
      fresh ||= isFresh(row);
      return rowView(row, index, index === entry);
    }), body);
    const { before, after } = view.place(drawn);
    body.style.paddingBlock = `${before}px ${after}px`;
    keys.drawn();
    if (fresh) setTimeout(draw, 2_000); // takes the highlight away
  }

  const refresh = setInterval(() => {
    if (!document.hidden && rows.total() !== null) rows.refresh(view.visible()).catch(() => {}); // the next one may do
  }, refreshEvery);
  const size = new ResizeObserver(draw);
  size.observe(section);
  section.addEventListener("click", () => {
    isOwn = true; // a link, perhaps, which the router follows now
    setTimeout(() => (isOwn = false));
  });

  rows.read(list);
  setTimeout(draw, loadingAfter);
  draw();
  return {
    show(next, isReturn) {
      list = next;
      keys.forget();
      sortAgain();
      setTimeout(draw, loadingAfter);
      const top = section.getBoundingClientRect().top;
      if (isReturn) return;
      if (!isOwn && !hasFilter(list)) scrollTo(0, 0);
      else if (top < 0 || (!isOwn && top > innerHeight / 2)) section.scrollIntoView();
    },
    sortAgain,
    fleetHas(devices) {
      if (devices === fleet) return;
      fleet = devices;
      draw();
    },
    scrollBackTo(scroll) {
      scrollWanted = scroll;
      draw();
    },
    close() {
      clearInterval(refresh);
      clearTimeout(searchTimer);
      size.disconnect();
      keys.close();
      view.close();
      rows.close();
    },
  };
}
