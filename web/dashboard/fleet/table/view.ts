// How the table's head and rows look.
import { html, nothing, type TemplateResult } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { deviceAddress, fleetAddress } from "../../base/address.js";
import { icon } from "../../base/icons.js";
import { idText } from "../../base/ids.js";
import { numberOf } from "../../base/numbers.js";
import { rhythmOf, timeOf } from "../../base/time.js";
import type { List, SortKey } from "../filter.js";
import { stateTags } from "../problems.js";
import type { Row } from "./rows.js";

interface Column {
  name: string;
  place: string;
  sort?: SortKey;
  first?: "asc" | "desc"; // the order of the first click
}

const columns: Column[] = [
  { name: "Device", place: "c-id", sort: "device_id" },
  { name: "State", place: "c-state" },
  { name: "Battery, %", place: "c-bat num", sort: "battery_level" },
  { name: "Signal, dBm", place: "c-rssi num", sort: "rssi" },
  { name: "Reported", place: "c-says" },
  { name: "Group", place: "c-group" },
  { name: "Usually", place: "c-usual num" },
  { name: "Last heard", place: "c-last num", sort: "last_heard", first: "desc" },
  { name: "Due", place: "c-due num" },
];

export function head({ sort, order }: List, sortBy: (sort: SortKey, order: "asc" | "desc") => void): TemplateResult {
  return html`<div class="row head" role="row" aria-rowindex="1">${columns.map((column) => {
    const { sort: key, first = "asc" } = column;
    if (key === undefined) return html`<span role="columnheader" class=${column.place}>${column.name}</span>`;
    const isSorted = key === sort;
    const next = isSorted ? (order === "asc" ? "desc" : "asc") : first;
    return html`<span role="columnheader" class=${column.place} aria-sort=${isSorted
      ? order === "asc" ? "ascending" : "descending" : nothing}><button @click=${() => sortBy(key, next)}>${column.name}${isSorted
      ? icon("up") : nothing}</button></span>`;
  })}</div>`;
}

export const sortChoices = columns.flatMap(({ name, sort, first: order = "asc" }) =>
  (sort === undefined ? [] : [{ words: name.replace(/,.*/, "").toLowerCase(), sort, order } as const]));

export const highlightFor = 2_000; // ms

// A value that has just changed stands on a quiet background, which fades.
function value(row: Row, column: string, text: string): unknown {
  const at = row.changed.get(column);
  return at !== undefined && Date.now() - at < highlightFor ? keyed(at, html`<span class="changed">${text}</span>`) : text;
}

export const isFresh = ({ changed }: Row): boolean => [...changed.values()].some((at) => Date.now() - at < highlightFor);

export function rowView(row: Row, index: number, isEntry: boolean): TemplateResult {
  const { device, isGone } = row;
  const { device_id, battery_level, rssi, online, group, usual_seconds, last_heard, stale, was_due, due } = device;
  const isLow = battery_level < 20;
  const at = stale ? was_due : due;
  return html`<div class=${isGone ? "row gone" : "row"} role="row" aria-rowindex=${index + 2} data-index=${index}><span
role="cell" class="c-id"><a class="id" href=${deviceAddress(device_id)} title=${device_id} aria-label=${device_id}
tabindex=${isEntry ? 0 : -1}>${idText(device_id)}</a></span><span role="cell" class="c-state problems">${stateTags(device)}</span><span
role="cell" class=${isLow ? "c-bat num low" : "c-bat num"}><svg
class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100"
height="4"/><rect class=${isLow ? "bar-low" : "bar-mute"} width=${battery_level} height="4"/></svg><span class="level">${value(row, "battery_level", numberOf(battery_level))}</span><span
class="unit">&nbsp;%</span></span><span role="cell" class="c-rssi num">${value(row, "rssi", numberOf(rssi))}</span><span
role="cell" class="c-says"><span class="says">${icon(online ? "on" : "off")}${value(row, "online", online ? "online" : "offline")}</span></span><span
role="cell" class="c-group">${group == null ? nothing : html`<a href=${fleetAddress({ group })} tabindex="-1" title=${group}>${group}</a>`}</span><span
role="cell" class="c-usual usual num">${usual_seconds == null ? "" : rhythmOf(usual_seconds)}</span><span role="cell"
class="c-last num"><span class="sub">heard </span>${value(row, "last_heard", timeOf(last_heard))}</span><span
role="cell" class=${stale ? "c-due num late" : "c-due num quiet"}>${at ? timeOf(at) : ""}</span></div>`;
}

const ghostPlaces: [string, string][] = [["c-id", "w3"], ["c-state", "w2"], ["c-bat num", "w2"], ["c-rssi num", "w1"],
  ["c-says", "w1"], ["c-group", "w1"], ["c-usual num", "w1"], ["c-last num", "w1"], ["c-due num", "w1"]];

// A row that is on its way.
export const ghostRow = (index: number): TemplateResult => html`<div class="row" role="row" aria-rowindex=${index + 2}
aria-busy="true" data-index=${index}>${ghostPlaces.map(([place, width]) =>
  html`<span role="cell" class=${place}><i class="ghost ${width}"></i></span>`)}</div>`;
