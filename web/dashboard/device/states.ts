// What stands where the device would stand: while it loads, and if there is none.
import { html, nothing, type TemplateResult } from "lit-html";
import { fleetAddress } from "../base/address.js";
import { title } from "./head.js";

const loadingAfter = 200; // ms; what comes sooner shows no state of its own

export function ghostPage(deviceId: string, startedAt: number): TemplateResult | typeof nothing {
  if (Date.now() - startedAt < loadingAfter) return nothing;
  return html`<div class="device-head" aria-busy="true"><div class="crumbs"><span class="crumb"><i class="ghost line w2"></i></span></div>
${title(deviceId)}<span class="hidden">Loading</span><p class="sentence" aria-hidden="true"><i class="ghost tall w5"></i><i class="ghost tall w4"></i></p>
<p class="facts" aria-hidden="true"><i class="ghost line w3"></i></p></div>
<dl class="readings" aria-hidden="true">${["w3", "w1", "w2", "w2", "w2"].map((width) => html`<div><dt><i
  class="ghost line w1"></i></dt><dd><i class="ghost tall ${width}"></i></dd><dd class="note"><i
  class="ghost line w2"></i></dd></div>`)}</dl>
<div aria-hidden="true"><div class="ghost-head"><i class="ghost line w2"></i></div>${ghostPlots()}</div>`;
}

// As high as the charts will be.
export function ghostPlots(): TemplateResult {
  return html`<div class="plots ghosts" aria-hidden="true"><p class="label"><i class="ghost line w1"></i></p><i></i><i
  class="ghost tall"></i><p class="label"><i class="ghost line w1"></i></p><i></i><i class="ghost mid"></i><p class="label"><i
  class="ghost line w1"></i></p><i></i><i class="ghost thin"></i></div>`;
}

export function ghostRows(count: number): TemplateResult {
  return html`<div class="body" aria-hidden="true">${Array.from({ length: count }, () => html`<div class="row"><span
  class="c-at"><i class="ghost w2"></i></span><span class="c-own"><i class="ghost w2"></i></span><span class="c-bat num"><i
  class="ghost w1"></i></span><span class="c-rssi num"><i class="ghost w1"></i></span></div>`)}</div>`;
}

export function unknownPage(deviceId: string): TemplateResult {
  return html`<div class="state blank"><h1>No device has this id</h1>
<p>No report of <b>${deviceId}</b> is known. It may be spelled otherwise, it may have been removed, or it has not reported
yet. The page turns into the device with its first report.</p>
<p class="actions"><a class="button" href=${fleetAddress({ q: deviceId })}>Search the fleet</a><a class="button plain"
  href=${fleetAddress()}>All devices</a></p></div>`;
}
