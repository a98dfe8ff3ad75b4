// The rhythm of the device: its gaps between reports as bars, and from when on it counts as silent.
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { address } from "../../base/address.js";
import { dayOf, durationOf, now, rhythmOf, timeOf } from "../../base/time.js";
import { numberOf } from "../../base/numbers.js";
import type { KnownReports } from "../data.js";
import type { Device } from "../device.js";
import { remembered } from "../remembered.js";
import { receiptsOf, type Report } from "../reports/report.js";
import { silentAfterOf, type DeviceStatus } from "../status.js";
import { day, type TimeSpan } from "../times.js";
import { linkWith } from "../view.js";
import { barsOf, placeOf, type Bar } from "./bars.js";
import { gapsOf, usualGapOf } from "./rhythm.js";

const height = 120; // px of the bars
const textRoom = 20; // px above the highest one

const none: Report[] = [];
const noDowntimes: TimeSpan[] = [];

const learned = remembered((receipts: number[], downtimes: TimeSpan[]) => {
  const gaps = gapsOf(receipts, downtimes);
  return { gaps, lengths: gaps.map(({ from, to }) => to - from), usual: usualGapOf(gaps) };
});
const barsFor = remembered(barsOf);

export function rhythmSection(device: Device, status: DeviceStatus, asTable: boolean): TemplateResult {
  const { gaps, lengths, usual } = learned(receiptsOf(device.parts.reports?.reports ?? none), device.parts.downtimes ?? noDowntimes);
  const silentAfter = silentAfterOf(status, device.fleet?.stale_after_seconds ?? null);
  const bars = barsFor(lengths, silentAfter);
  return html`<section class="rhythm" aria-labelledby="rhy"><div class="section-head"><h2 id="rhy">Rhythm</h2><span
  class="quiet">gaps between reports${spanText(device.parts.reports)}</span><a class="more" href=${linkWith({ rhythm: asTable ? null : "table" })}>${
    asTable ? "As a chart" : "As a table"}</a></div>
${device.parts.reports === null ? html`<i class="ghost bars"></i>`
    : gaps.length === 0 ? html`<p class="quiet">Nothing yet: a gap needs two reports.</p>`
    : asTable ? table(bars) : chart(bars, silentAfter)}
<p>${words(status, usual, silentAfter)} <a href=${address("docs")}>How “silent” is decided</a></p></section>`;
}

// "last 14 d", or what is known in their place.
function spanText(known: KnownReports | null): string {
  const [latest, oldest] = [known?.reports[0], known?.reports.at(-1)];
  if (known === null || latest === undefined || oldest === undefined) return "";
  if (now() - latest.received > day) return `, 14\u00a0d up to ${dayOf(latest.received)}`;
  return now() - known.from < 13 * day ? `, since ${timeOf(oldest.received)}` : ", last 14\u00a0d";
}

function chart(bars: Bar[], silentAfter: number | null): TemplateResult {
  const most = Math.max(...bars.map(({ gaps }) => gaps), 1);
  const share = 1 / bars.length;
  const percent = (part: number): string => `${(part * 100).toFixed(2)}%`;
  const limit = silentAfter === null ? null : placeOf(silentAfter, bars);
  const labels = edgeLabels(bars);
  return html`<svg role="img" aria-label=${chartWords(bars)}>${bars.map(({ upTo, gaps }, index) => {
    const bar = gaps === 0 ? 0 : Math.max(2, (gaps / most) * (height - textRoom));
    const isSilent = silentAfter !== null && (bars[index - 1]?.upTo ?? 0) >= silentAfter;
    const middle = percent((index + 0.5) * share);
    return svg`<rect class=${isSilent ? "bar-mute" : "bar-fill"} x=${percent((index + 0.054) * share)}
width=${percent(share * 0.892)} y=${height - bar} height=${bar}></rect>${gaps === 0 ? nothing
      : svg`<text class="say" x=${middle} y=${height - bar - 6} text-anchor="middle">${numberOf(gaps)}</text>`}
<text x=${middle} y=${height + 18} text-anchor="middle">${upTo === Infinity ? "more" : labels[index]}</text>`;
  })}<line class="base" x1="0" x2="100%" y1=${height} y2=${height}></line>${limit === null ? nothing
    : svg`<line class="limit-crit" x1=${percent(limit)} x2=${percent(limit)} y1="4" y2=${height}></line>
<text class="say-crit" x=${percent(limit + (limit < 0.7 ? 0.01 : -0.01))} y="14" text-anchor=${limit < 0.7 ? "start" : "end"}>silent
after ${limitText(silentAfter ?? 0)}</text>`}</svg>`;
}

// The unit stands where it changes: "2 min", "5", "10", "1 h".
function edgeLabels(bars: Bar[]): string[] {
  let unit = "";
  return bars.map(({ upTo }) => {
    if (upTo === Infinity) return "more";
    const text = durationOf(upTo / 1000);
    const [count = "", next = ""] = text.split("\u00a0");
    const label = next === unit ? count : text;
    unit = next;
    return label;
  });
}

function table(bars: Bar[]): TemplateResult {
  return html`<table class="plain-table"><thead><tr><th scope="col">Gaps of up to</th><th scope="col"
  class="num">Number</th></tr></thead><tbody>${bars.map(({ upTo, gaps }) => html`<tr><td>${upTo === Infinity ? "longer"
    : durationOf(upTo / 1000)}</td><td class="num">${numberOf(gaps)}</td></tr>`)}</tbody></table>`;
}

function chartWords(bars: Bar[]): string {
  const most = bars.reduce((one, other) => (other.gaps > one.gaps ? other : one));
  const edge = most.upTo === Infinity ? "longer than all bars" : `at most ${durationOf(most.upTo / 1000)}`;
  return `Gaps between reports: most are ${edge}`;
}

// The service decides once a second, so its moments are a little off.
function limitText(silentAfter: number): string {
  const seconds = Math.round(silentAfter / 1000);
  return durationOf(seconds < 100 ? seconds : Math.round(seconds / 10) * 10);
}

// The service's word holds. It may have learned less than the reports show, for not all gaps count.
function words(status: DeviceStatus, worked: number | null, silentAfter: number | null): string {
  const usual = status.usual_seconds ?? null;
  if (silentAfter === null) return "";
  const after = limitText(silentAfter);
  if (usual === null) return `How often it reports is not known yet: that takes three gaps. Until then it counts as silent
after ${after}.`;
  const isSame = worked !== null && Math.abs(worked / 1000 - usual) <= usual / 50;
  const gap = `The second longest gap ${isSame ? "of two weeks" : "that counts"} was ${rhythmOf(usual)}`;
  const rule = silentAfter / 1000 > 2.02 * usual
    ? `and twice that is less than the ${after} after which any device counts as silent`
    : `so this device counts as silent after twice that, ${after}`;
  return `${gap}, ${rule}. Gaps while the service was down, or in an outage, teach nothing.`;
}
