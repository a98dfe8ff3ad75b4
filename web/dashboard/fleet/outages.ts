// Outages: those that run, tinted, and those that ended in the last 24 hours.
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { fleetAddress } from "../base/address.js";
import { icon } from "../base/icons.js";
import { numberOf } from "../base/numbers.js";
import type { FleetEvent, Outage, Overview } from "../base/service.js";
import { ageOf, durationOf, now, timeOf } from "../base/time.js";
import { newButton } from "./held.js";

// The share of a group that was heard, at moments (ms since 1970) since the page was opened.
type Seen = [moment: number, share: number][];
const seen = new Map<string, Seen>();
export const keyOf = ({ group, since }: Outage): string => `${since} ${group ?? ""}`;

export function noteOutages({ outages }: Overview): void {
  for (const outage of outages) {
    const shares = seen.get(keyOf(outage)) ?? [];
    if (outage.ended !== null) seen.delete(keyOf(outage));
    else if (now() - (shares.at(-1)?.[0] ?? 0) > 10_000)
      seen.set(keyOf(outage), [...shares.slice(-360), [now(), outage.heard / outage.devices]]);
  }
}

// Tells a reader who cannot see the page, by its polite live region.
export function tellOutage(event: FleetEvent): void {
  if (event.kind !== "outage") return;
  const { group, silent, devices } = event.outage;
  const name = group ?? "the whole fleet";
  document.querySelector("#told")!.textContent = event.state === "began"
    ? `Outage of ${name}: ${numberOf(silent)} of ${numberOf(devices)} devices fell silent.`
    : `The outage of ${name} ended.`;
}

// `shown`: those that are not new. The numbers of these are the overview's, too.
export function outagesSection({ outages }: Overview, shown: Outage[], waiting: number,
  show: () => void): TemplateResult | typeof nothing {
  const known = new Set(shown.map(keyOf));
  const byStart = outages.filter((outage) => known.has(keyOf(outage)))
    .sort((a, b) => Date.parse(b.since) - Date.parse(a.since));
  const those = (areOver: boolean): Outage[] => byStart.filter(({ ended }) => (ended !== null) === areOver);
  if (byStart.length === 0) return nothing;
  return html`<section class="outages" aria-labelledby="out"><h2 class="hidden" id="out">Outages</h2>${newButton(waiting, show)}
${those(false).map(running)}${those(true).map(over)}</section>`;
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
  const points: Seen = [[begin, 1], [Date.parse(outage.since), 1], [Date.parse(outage.found), first], ...shares,
    [end, shares.at(-1)?.[1] ?? first]];
  const path = points.map(([moment, share]) => {
    const x = Math.max(0, (moment - begin) / 3_600_000 * 600);
    return `${x.toFixed(1)} ${(22 - share * 20).toFixed(1)}`;
  }).join("L");
  return html`<svg class="spark" viewBox="0 0 600 24" preserveAspectRatio="none" role="img"
aria-label="Share of ${outage.group ?? "the fleet"} heard in the last hour">${svg`<line class="base" x1="0" x2="600" y1="24"
y2="24"/><path class="line-crit" d=${`M${path}`}/>`}</svg>`;
}
