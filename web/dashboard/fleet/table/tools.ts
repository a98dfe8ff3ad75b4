// Above the table: search, chips of the filter, how many devices match, and how old their order is.
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { fleetAddress } from "../../base/address.js";
import { icon } from "../../base/icons.js";
import { counted, numberOf } from "../../base/numbers.js";
import { timeOf } from "../../base/time.js";
import { chips, hasFilter, hrefOf, noMatchSentence, without, type List } from "../filter.js";

export interface ToolActions {
  search(text: string): void;
  remove(list: List): void; // shows the list without one of its filters
  filter(): void;
  csv(): void;
  more(): void;
}

// `text`: what stands in the search.
export function tools(list: List, text: string, actions: ToolActions): TemplateResult {
  const { search, remove, filter, csv, more } = actions;
  const typed = (event: InputEvent): void => search((event.target as HTMLInputElement).value);
  const clear = (event: KeyboardEvent): void => {
    if (event.key === "Escape") search("");
  };
  return html`<div class="tools"><h2 id="dev" class="hidden">Devices</h2><label class="field">${icon("search")}<span
class="hidden">Search device ids</span><input type="search" placeholder="Search device ids" name="q" autocomplete="off"
spellcheck="false" .value=${live(text)} @input=${typed} @keydown=${clear}><kbd>/</kbd></label>${chips(list).map(
    ([name, words]) => html`<span class="chip"><span title=${words}>${words}</span><button class="button bare"
aria-label="Remove filter: ${words}" @click=${() => remove(without(list, name))}>${icon("x")}</button></span>`)}<button
class="button plain" @click=${filter}>${icon("plus")}Filter</button><div class="end"><button class="button plain csv"
@click=${csv}>CSV</button><button class="button bare" aria-label="More: keys, and what can be done with these devices"
title="More" @click=${more}>${icon("more")}</button></div></div>`;
}

export interface OrderState {
  total: number | null;
  all: number | null; // devices of the fleet
  orderedAt: number;
  wouldMove: number;
  added: number; // devices that came since; 0 if nobody can say
}

export function orderLine(list: List, state: OrderState, sortAgain: () => void): TemplateResult {
  const { total, all, orderedAt, wouldMove, added } = state;
  if (total === null) return html`<div class="order"><span>&nbsp;</span></div>`;
  const news = [wouldMove > 0 ? `${counted(wouldMove, "row")} would move` : "", added > 0 ? `${numberOf(added)} new` : ""]
    .filter((words) => words !== "").join(", ");
  return html`<div class="order"><span><b>${numberOf(total)}</b>${hasFilter(list) && all !== null
    ? html` of <a href=${fleetAddress()}>${numberOf(all)}</a>` : nothing} ${all === 1 ? "device" : "devices"}</span>${news === ""
    ? nothing : html`<span>Order of ${timeOf(orderedAt)}, ${news} <button class="button plain" @click=${sortAgain}>Sort
again</button></span>`}</div>`;
}

export function noMatch(list: List, remove: (list: List) => void): TemplateResult {
  const { q, group } = list.filter;
  const last = chips(list).at(-1);
  const lift = q !== undefined && group !== undefined ? { words: "Search all groups", list: without(list, "group") }
    : last !== undefined && Object.keys(list.filter).length > 1
      ? { words: `Without “${last[1]}”`, list: without(list, last[0]) } : null;
  const clearAll = { ...list, filter: {} };
  return html`<div class="blank none"><h3>${noMatchSentence(list)}</h3><p class="actions">${lift === null ? nothing
    : html`<button class="button" @click=${() => remove(lift.list)}>${lift.words}</button>`}<a
class=${lift === null ? "button" : "button plain"} href=${hrefOf(clearAll)}>Clear all filters</a></p></div>`;
}
