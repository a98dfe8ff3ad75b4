// What needs attention: one row a device with all its problems, worst first.
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { deviceAddress, fleetAddress } from "../base/address.js";
import { idText } from "../base/ids.js";
import { numberOf } from "../base/numbers.js";
import type { Attention, AttentionPage } from "../base/service.js";
import { briefTimeOf, rhythmOf, timeOf } from "../base/time.js";
import { newButton } from "./held.js";
import { problemTags } from "./problems.js";
import { roving } from "./roving.js";

export const rowsWhenWide = 10;
export const rowsWhenNarrow = 5;

// Nothing while no device needs any.
export function attentionSection({ devices, total }: AttentionPage, waiting: number,
  show: () => void): TemplateResult | typeof nothing {
  if (total === 0) return nothing;
  return html`<section class="rows attention" aria-labelledby="att"><div class="section-head"><h2 id="att">Needs
attention</h2><span class="quiet">worst first</span>${newButton(waiting, show)}<a class="more"
href=${fleetAddress({ problem: "any" })}>All ${numberOf(total)}</a></div><div role="table" aria-labelledby="att" aria-rowcount=${total + 1} @keydown=${roving}><div role="rowgroup"><div class="row head" role="row"
aria-rowindex="1"><span role="columnheader" class="c-id">Device</span><span role="columnheader" class="c-state">Problems</span><span
role="columnheader" class="c-since num">Since</span><span role="columnheader" class="c-last num">Last heard</span><span
role="columnheader" class="c-usual num">Usually</span><span role="columnheader" class="c-due num">Due</span></div></div><div
class="body" role="rowgroup">${repeat(devices.slice(0, rowsWhenWide), ({ device_id }) => device_id, row)}</div></div></section>`;
}

function row(device: Attention, index: number): TemplateResult {
  const { device_id, problems, last_heard, usual_seconds, was_due, due } = device;
  const since = problems[0]?.since; // the worst one comes first
  return html`<div class=${index < rowsWhenNarrow ? "row" : "row wide-only"} role="row" aria-rowindex=${index + 2}><span
role="cell" class="c-id"><a class="id" href=${deviceAddress(device_id)} title=${device_id} aria-label=${device_id}
tabindex=${index === 0 ? 0 : -1}>${idText(device_id)}</a></span><span role="cell" class="c-state problems">${problemTags(problems, device)}</span><span
role="cell" class="c-since since num">${since === undefined ? "" : briefTimeOf(since)}</span><span role="cell"
class="c-last num"><span class="sub">heard </span>${timeOf(last_heard)}</span><span role="cell"
class="c-usual usual num">${usual_seconds === null ? "" : rhythmOf(usual_seconds)}</span>${was_due
    ? html`<span role="cell" class="c-due num late"><span class="sub">was due </span>${timeOf(was_due)}</span>`
    : html`<span role="cell" class="c-due num">${due ? html`<span class="sub">due </span>${timeOf(due)}` : nothing}</span>`}</div>`;
}
