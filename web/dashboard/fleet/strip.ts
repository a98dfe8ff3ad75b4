// The fleet at a glance: five tiles with a number and a small drawing each.
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit-html";
import { fleetAddress } from "../base/address.js";
import { latency } from "../base/latency.js";
import { counted, numberOf, withUnit } from "../base/numbers.js";
import type { Distribution, Minute, Overview } from "../base/service.js";
import { clockOf, now } from "../base/time.js";
import { barHeight, base, high, line, roundAbove, wide } from "./chart.js";

export function strip(overview: Overview): TemplateResult {
  return html`<section aria-labelledby="ov"><h2 class="hidden" id="ov">Overview</h2><div class="strip">
${heardTile(overview)}${batteryTile(overview.battery_level)}${signalTile(overview.rssi)}${reportsTile(overview)}${latencyTile()}</div></section>`;
}

interface Tile {
  name: string;
  value: string;
  note: unknown;
  label: string;
  role?: "img" | "group"; // group: its parts are links
  drawing: unknown;
  ticks: string[];
}

function tile({ name, value, note, label, role = "img", drawing, ticks }: Tile): TemplateResult {
  return html`<div class="tile"><h3>${name}</h3><p class="value">${value}</p><p class="note">${note}</p><svg
viewBox="0 0 ${wide} ${high}" preserveAspectRatio="none" role=${role} aria-label=${label}>${drawing}</svg><div
class="ticks">${ticks.map((tick) => html`<span>${tick}</span>`)}</div></div>`;
}

const minute = 60_000;

function heardTile({ minutes, outages }: Overview): TemplateResult {
  const top = Math.max(1, ...minutes.map(({ heard }) => heard)) * 1.15;
  const end = minutes.length > 0 ? Date.parse(minutes.at(-1)!.from) + minute : now();
  const begin = end - 60 * minute;
  const xOf = (moment: number): number => Math.max(0, ((moment - begin) / (60 * minute)) * wide);
  const gaps = outages.filter(({ ended }) => ended === null).map(({ since }) => {
    const x = Math.min(wide, xOf(Date.parse(since)));
    return svg`<rect class="gap" x=${x} y="0" width=${wide - x} height=${high}/>`;
  });
  const bars = minutes.map(({ from, heard }) => {
    const height = barHeight(heard, top);
    return svg`<rect class="bar-fill" x=${xOf(Date.parse(from)) + 1} y=${high - height} width="8" height=${height}/>`;
  });
  return tile({
    name: "Heard each minute", value: minutes.length > 0 ? numberOf(minutes.at(-1)!.heard) : "",
    note: minutes.length > 0 ? "devices, last minute" : "devices, from the first whole minute on",
    label: "Devices heard in each of the last 60 minutes", drawing: svg`${gaps}${bars}${base}`,
    ticks: [begin, begin + 30 * minute, end].map((moment) => clockOf(moment)),
  });
}

interface Bar {
  devices: number;
  range: string; // "20–29 %"
  query: Record<string, string | number>;
  isLow: boolean;
}

function bars(all: Bar[]): SVGTemplateResult {
  const step = wide / all.length;
  const top = Math.max(1, ...all.map(({ devices }) => devices));
  return svg`${all.map(({ devices, range, query, isLow }, i) => {
    const words = `${counted(devices, "device")} ${range}`;
    const height = barHeight(devices, top);
    return svg`<a href=${fleetAddress(query)} aria-label=${words}><title>${words}</title><rect x=${i * step} y="0"
width=${step} height=${high} fill="transparent"/><rect class=${isLow ? "bar-low" : "bar-fill"} x=${i * step + 2}
y=${high - height} width=${step - 4} height=${height}/></a>`;
  })}${base}`;
}

const devicesBelow = ({ bars }: Distribution, edge: number): number =>
  bars.reduce((sum, { below, devices }) => (below <= edge ? sum + devices : sum), 0);

// Two of the service's bars of five points make one of ten.
function batteryTile(batteries: Distribution): TemplateResult {
  const tens = batteries.bars.flatMap(({ below, devices }, i): Bar[] => {
    if (i % 2 === 0) return [];
    const last = below > 100 ? 100 : below - 1;
    return [{
      devices: devices + batteries.bars[i - 1]!.devices, range: `at ${i * 5 - 5}–${last}\u00a0%`, isLow: below <= 20,
      query: { battery_below: below, sort: "battery_level", order: "desc" },
    }];
  });
  return tile({
    name: "Battery", value: batteries.median === null ? "" : withUnit(batteries.median, "%"),
    note: medianNote(batteries, 20, "20", { battery_below: 20 }),
    label: "Devices by battery", role: "group", drawing: bars(tens), ticks: ["0\u00a0%", "50\u00a0%", "100\u00a0%"],
  });
}

// The outermost bars of the service, which are open, join their neighbours.
function signalTile(signals: Distribution): TemplateResult {
  const { bars: given } = signals;
  const fives = given.slice(1, -1).map(({ below, devices }, i, { length }): Bar => {
    const isFirst = i === 0;
    const isLast = i === length - 1;
    const edge = isLast ? given.at(-1)!.below : below;
    const range = isFirst ? `below ${numberOf(below)}\u00a0dBm` : isLast ? `from ${numberOf(below - 5)}\u00a0dBm`
      : `from ${numberOf(below - 5)} to ${numberOf(below - 1)}\u00a0dBm`;
    return {
      devices: devices + (isFirst ? given[0]!.devices : 0) + (isLast ? given.at(-1)!.devices : 0), range,
      isLow: below <= -85, query: { rssi_below: edge, sort: "rssi", order: "desc" },
    };
  });
  return tile({
    name: "Signal", value: signals.median === null ? "" : withUnit(signals.median, "dBm"),
    note: medianNote(signals, -85, numberOf(-85), { rssi_below: -85 }),
    label: "Devices by signal", role: "group", drawing: bars(fives),
    ticks: [numberOf(-100), numberOf(-65), `${numberOf(-30)}\u00a0dBm`],
  });
}

function medianNote(distribution: Distribution, edge: number, words: string, query: Record<string, number>): unknown {
  const below = devicesBelow(distribution, edge);
  return below === 0 ? `median, none below ${words}`
    : html`median, <a href=${fleetAddress(query)}>${numberOf(below)} below ${words}</a>`;
}

const mean = (minutes: Minute[]): number => minutes.reduce((sum, { reports }) => sum + reports, 0) / minutes.length / 60;

function reportsTile({ minutes, reports_per_second, outages }: Overview): TemplateResult {
  const rates = minutes.map(({ reports }) => reports / 60);
  const top = roundAbove(Math.max(1, ...rates));
  const first = outages.filter(({ ended }) => ended === null).map(({ since }) => since).sort()[0];
  const before = minutes.filter(({ from }) => first !== undefined && Date.parse(from) + minute <= Date.parse(first));
  const note = before.length > 0 ? `${numberOf(mean(before))} before ${clockOf(first!)}`
    : minutes.length > 0 ? `${numberOf(mean(minutes))} in the mean` : "last 10\u00a0s";
  return tile({
    name: "Reports", value: `${numberOf(reports_per_second, reports_per_second < 10 ? 1 : 0)}\u00a0/s`, note,
    label: "Reports a second in the last hour",
    drawing: svg`${base}${line(rates.map((rate, i) => [(60 - rates.length + i) / 59, rate]), top)}`,
    ticks: [`0–${numberOf(top)}`, "last hour"],
  });
}

function latencyTile(): TemplateResult {
  const { current, worst, points } = latency.get();
  const top = roundAbove(worst ?? 1);
  const hour = 60 * minute;
  const from = Math.max(points[0]?.at ?? now(), now() - hour);
  return tile({
    name: "Answer time, p99", value: current === null ? "" : withUnit(current, "ms", current < 100 ? 1 : 0),
    note: worst === null ? "no report yet" : `worst ${numberOf(worst, 1)}`,
    label: "99th percentile of the answer time of POST /status",
    drawing: svg`${base}${line(points.map(({ at, p99 }) => [(at - now()) / hour + 1, p99]), top)}`,
    ticks: [`0–${numberOf(top, 1)}\u00a0ms`, now() - from > hour - 2 * minute ? "last hour" : `since ${clockOf(from)}`],
  });
}
