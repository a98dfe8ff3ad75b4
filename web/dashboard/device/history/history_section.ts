// The history: its span, charts or a table, and CSV of either.
import { html, nothing, type TemplateResult } from "lit-html";
import { numberOf } from "../../base/numbers.js";
import type { Device } from "../device.js";
import { downloadCsv } from "../../base/download.js";
import type { DeviceStatus } from "../status.js";
import { ghostPlots } from "../states.js";
import { linkWith, type View } from "../view.js";
import { joined, type Bucket, type Range } from "./bucket.js";
import { chartedOf, type Charted } from "./charted.js";
import { bucketTime, openPlots, type Plots } from "./plots.js";
import { lineOf, spans } from "./window.js";

export interface HistorySection {
  draw(device: Device, status: DeviceStatus, view: View): TemplateResult;
  close(): void;
}

const spanTexts = { "7d": "7\u00a0d", "30d": "30\u00a0d", "1y": "1\u00a0y" };

export function openHistory(redraw: () => void): HistorySection {
  let plots: Plots | null = null; // they come a frame after the rest of the page

  function charts(charted: Charted): TemplateResult {
    if (plots !== null) return plots.draw(charted);
    plots = openPlots(redraw);
    redraw();
    return ghostPlots();
  }

  function content(device: Device, status: DeviceStatus, view: View): TemplateResult {
    const charted = chartedOf(device, status, view.span);
    if (charted === null) return ghostPlots();
    return view.historyAsTable ? table(shownBuckets(device, view)) : charts(charted);
  }

  return {
    draw(device, status, view) {
      const csv = (event: Event): void => {
        event.preventDefault();
        downloadCsv(`${device.id}-${view.span}`, csvHeads, shownBuckets(device, view).map(csvRow));
      };
      return html`<section aria-labelledby="hist"><div class="section-head"><h2 id="hist">History</h2><span class="segments"
  role="group" aria-label="Span">${spans.map((span) => html`<a href=${linkWith({ span: span === "30d" ? null : span })}
  aria-current=${span === view.span ? "true" : nothing}>${spanTexts[span]}</a>`)}</span><span class="more"><a
  href=${linkWith({ history: view.historyAsTable ? null : "table" })}>${view.historyAsTable ? "As charts" : "As a table"}</a> <a
  href="#hist" download @click=${csv}>CSV</a></span></div>
${content(device, status, view)}</section>`;
    },
    close: () => plots?.close(),
  };
}

// The latest first.
function shownBuckets(device: Device, { span, historyAsTable }: View): Bucket[] {
  const history = device.parts.histories.get(span);
  if (history === undefined) return [];
  const { buckets, window } = history;
  const shown = historyAsTable ? joined(buckets, ({ from }) => lineOf(window, from)) : buckets;
  return shown.filter(({ records }) => records > 0).reverse();
}

function table(buckets: Bucket[]): TemplateResult {
  return html`<table class="plain-table history"><caption class="hidden">What was reported, the latest first</caption><thead><tr><th scope="col">Time</th><th scope="col" class="num">Battery,
%</th><th scope="col" class="num roomy-cell">lowest to highest</th><th scope="col" class="num">Signal, dBm</th><th scope="col"
  class="num roomy-cell">lowest to highest</th><th scope="col" class="num">Online, %</th><th scope="col"
  class="num roomy-cell">Reports</th></tr></thead><tbody>${buckets.map(row)}</tbody></table>`;
}

function row(bucket: Bucket): TemplateResult {
  return html`<tr><td>${bucketTime(bucket)}</td>${rangeCells(bucket.battery)}${rangeCells(bucket.rssi)}<td
  class="num">${bucket.online === null ? nothing : numberOf(bucket.online * 100)}</td><td
  class="num roomy-cell">${numberOf(bucket.records)}</td></tr>`;
}

function rangeCells(range: Range | null): TemplateResult {
  if (range === null) return html`<td></td><td class="roomy-cell"></td>`;
  return html`<td class="num">${numberOf(range.mean)}</td><td class="num roomy-cell">${numberOf(range.min)} to ${
    numberOf(range.max)}</td>`;
}

const csvHeads = ["from", "to", "reports", "battery_mean", "battery_min", "battery_max", "rssi_mean", "rssi_min", "rssi_max",
  "online_share"];

function csvRow({ from, to, records, battery, rssi, online }: Bucket) {
  const range = (of: Range | null) => (of === null ? [null, null, null] : [of.mean, of.min, of.max]);
  return [new Date(from).toISOString(), new Date(to).toISOString(), records, ...range(battery), ...range(rssi), online];
}
