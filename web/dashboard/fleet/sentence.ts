// Whether the fleet is well, in one sentence, and what is broken: each count is a link to its list.
import { html, nothing, type TemplateResult } from "lit-html";
import { fleetAddress, type Query } from "../base/address.js";
import { icon, type IconName } from "../base/icons.js";
import { numberOf } from "../base/numbers.js";
import type { FleetEvent, Overview } from "../base/service.js";
import { timeOf } from "../base/time.js";

interface Count {
  count: number;
  one: string;
  many: string;
  picture: IconName;
  level: "is-crit" | "is-warn" | "";
  query: Query;
}

export function titleOf({ devices, silent }: Overview): string {
  if (devices === 0) return "No device yet · Ubiety";
  return `${numberOf(devices - silent)} of ${numberOf(devices)} heard in time · Ubiety`;
}

export function sentence(overview: Overview, events: FleetEvent[]): TemplateResult {
  const { devices, silent } = overview;
  const all = html`<a href=${fleetAddress()}>${numberOf(devices)}</a>`;
  const noun = devices === 1 ? "device" : "devices";
  return html`<div class="state"><h1>${silent === 0 ? html`All ${all} ${noun} heard in time`
    : html`<a href=${fleetAddress({ stale: false })}>${numberOf(devices - silent)}</a> of ${all} ${noun} heard in time`}</h1>
<p class="counts">${countsOf(overview).map(countLink)}${isWell(overview) ? lastEnded(events) : nothing}</p></div>`;
}

function countsOf({ problems, outages, muted }: Overview): Count[] {
  const running = outages.filter(({ ended }) => ended === null).length;
  const of = (kind: keyof typeof problems, one: string, many: string, picture: IconName): Count => {
    const level = kind === "silent" ? "is-crit" : "is-warn";
    return { count: problems[kind] ?? 0, one, many, picture, level, query: { problem: kind } };
  };
  const counts: Count[] = [
    { count: running, one: "outage", many: "outages", picture: "outage", level: "is-crit", query: { problem: "outage" } },
    of("silent", "silent", "silent", "silent"),
    of("battery_low", "battery low", "batteries low", "battery"),
    of("battery_falling", "falling fast", "falling fast", "falling"),
    of("weak_signal", "weak signal", "weak signal", "weak"),
    of("flapping", "flapping", "flapping", "flapping"),
    of("clock", "wrong clock", "wrong clocks", "clock"),
    { count: muted, one: "muted", many: "muted", picture: "muted", level: "", query: { muted: true } },
  ];
  return counts.filter(({ count }) => count > 0);
}

const countLink = ({ count, one, many, picture, level, query }: Count): TemplateResult =>
  html`<a class=${level} href=${fleetAddress(query)}>${icon(picture)}<span><b>${numberOf(count)}</b>
${count === 1 ? one : many}</span></a>`;

const isWell = (overview: Overview): boolean => overview.silent === 0 && overview.devices_with_problems === 0;

function lastEnded(events: FleetEvent[]): TemplateResult | typeof nothing {
  const ended = events.find((event) => (event.kind === "problem" || event.kind === "outage") && event.state === "ended");
  return ended === undefined ? nothing
    : html`<a href=${fleetAddress({ view: "events" })}>${icon("back")}<span>Last problem ended <b>${timeOf(ended.time)}</b></span></a>`;
}
