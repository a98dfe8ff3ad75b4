// Outages: those that run, tinted, and those that ended in the last 24 hours.
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { fleetAddress } from "../base/address.js";
import { icon } from "../base/icons.js";
import { numberOf } from "../base/numbers.js";
import type { Outage, Overview } from "../base/service.js";
import { ageOf, durationOf, now, timeOf } from "../base/time.js";

// The share of a group that was heard, at moments (ms since 1970) since the page was opened.
type Seen = [moment: number, share: number][];
const seen = new Map<string, Seen>();
const keyOf = ({ group, since }: Outage): string => `${since} ${group ?? ""}`;

export function noteOutages({ outages }: Overview): void {
  for (const outage of outages) {
    const shares = seen.get(keyOf(outage)) ?? [];
    if (outage.ended !== null) seen.delete(keyOf(outage));
    else if (now() - (shares.at(-1)?.[0] ?? 0) > 10_000)
      seen.set(keyOf(outage), [...shares.slice(-360), [now(), outage.heard / outage.devices]]);
  }
}

export function outagesSection({ outages }: Overview): TemplateResult | typeof nothing {
  if (outages.length === 0) return nothing;
  const byStart = [...outages].sort((a, b) => Date.parse(b.since) - Date.parse(a.since));
  return html`<section class="outages" aria-labelledby="out"><h2 class="hidden" id="out">Outages</h2>
${byStart.filter(({ ended }) => ended === null).map(running)}${byStart.filter(({ ended }) => ended !== null).map(over)}</section>`;
}

const groupLink = (group: string | null, inner: unknown): TemplateResult =>
  html`<a href=${fleetAddress(group === null ? {} : { group })}>${inner}</a>`;
const silentOf = (group: string | null, ended: boolean): string =>
  fleetAddress({ ...(group === null ? {} : { group }), problem: ended ? "silent" : "outage" });
const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1_000;

function running(outage: Outage): TemplateResult {
  const { group, since, found, devices, silent } = outage;
  return html`<div class="outage">${icon("outage")}<p><b class="kind">Outage</b>
${groupLink(group, html`<b>${group ?? "of the whole fleet"}</b>`)}: ${numberOf(silent)} of ${numberOf(devices)} devices fell
silent within ${durationOf(Math.max(60, seconds(since, found)))}, from ${timeOf(since)} on</p>${spark(outage)}<span
class="go"><span class="nowrap">${ageOf(since)}</span> · <a href=${silentOf(group, false)}>Show ${numberOf(silent)}</a></span></div>`;
}

function over({ group, since, ended, devices, silent }: Outage): TemplateResult {
  return html`<div class="outage over">${icon("back")}<p>Outage of ${groupLink(group, group ?? "the whole fleet")} ended
${timeOf(ended!)} after ${durationOf(seconds(since, ended!))}: ${numberOf(devices - silent)} of ${numberOf(devices)} are
back</p><span class="go">${silent === 0 ? nothing
    : html`<a href=${silentOf(group, true)}>${numberOf(silent)} still silent</a>`}</span></div>`;
}

// All were heard until the outage began; how many are heard since it was found is what this page saw.
function spark(outage: Outage): TemplateResult {
  const end = now();
  const begin = end - 3_600_000;
  const shares = seen.get(keyOf(outage)) ?? [];
  const first = shares[0]?.[1] ?? outage.heard / outage.devices;
  const points: Seen = [[begin, 1], [Date.parse(outage.since), 1], [Date.parse(outage.found), first], ...shares, [end, shares.at(-1)?.[1] ?? first]];
  const path = points.map(([moment, share]) => {
    const x = Math.max(0, (moment - begin) / 3_600_000 * 600);
    return `${x.toFixed(1)} ${(22 - share * 20).toFixed(1)}`;
  }).join("L");
  return html`<svg class="spark" viewBox="0 0 600 24" preserveAspectRatio="none" role="img"
aria-label="Share of ${outage.group ?? "the fleet"} heard in the last hour">${svg`<line class="base" x1="0" x2="600" y1="24"
y2="24"/><path class="line-crit" d=${`M${path}`}/>`}</svg>`;
}
