// The charts of the history: battery, signal, and what the device said of itself, on one axis of time.
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { clockOf, dayOf, durationOf, timeOf } from "../../base/time.js";
import { numberOf, withUnit } from "../../base/numbers.js";
import { day, hour, minute } from "../times.js";
import type { Bucket, Range } from "./bucket.js";
import type { Charted } from "./charted.js";
import type { Gap } from "./gaps.js";
import { openPane, type PaneLook } from "./pane.js";
import { boxOf, gapShades, gapTexts, grid, hatch, lowLimit, placeIn } from "./shading.js";
import type { Series } from "./series.js";
import { batteryScale, marksOf, signalScaleOf, timeTicksOf, type Scale } from "./ticks.js";

const lowBattery = 20;
const heights = { tall: 192, mid: 96, thin: 16 }; // px, as in the style sheet
const halfLabel = 22; // px of "28 Nov"
const onlineScale: Scale = { low: 0, high: 1, step: 1 };

export interface Plots {
  draw(charted: Charted): TemplateResult;
  close(): void;
}

// `resized`: the width has changed, so draw again.
export function openPlots(resized: () => void): Plots {
  let charted: Charted | null = null;
  let pointed: number | null = null;
  const spoken = document.createElement("span");
  const battery = openChart({ line: "--chart", band: "--chart-band" }, point);
  const signal = openChart({ line: "--chart-2", band: "--chart-grid" }, point);
  const online = openChart(null, point);
  const charts = [battery, signal, online];
  const widthChanged = new ResizeObserver(resized);
  widthChanged.observe(battery.canvas);

  function point(index: number | null): void {
    pointed = index;
    say();
  }

  function say(): void {
    if (charted === null) return;
    const bucket = pointed === null ? undefined : charted.battery.buckets[pointed];
    const at = pointed === null ? undefined : charted.battery.times[pointed];
    const gap = at === undefined ? undefined : charted.gaps.find(({ from, to }) => from <= at * 1000 && at * 1000 <= to);
    const texts = bucket ? textsOf(bucket) : gap ? [gapWords(gap), "", ""] : restOf(charted);
    charts.forEach(({ says }, index) => (says.textContent = texts[index] ?? ""));
  }

  function move(event: KeyboardEvent): void {
    const last = (charted?.battery.times.length ?? 0) - 1;
    const at = pointed ?? last + 1;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, next));
    charts.forEach(({ pane }) => pane.point(index));
    point(index);
    spoken.textContent = charts.map(({ says }) => says.textContent).filter(Boolean).join("; ");
  }

  function draw(next: Charted): TemplateResult {
    charted = next;
    const width = battery.canvas.clientWidth || 1000;
    const signalScale = signalScaleOf(...extremesOf(next.rssi));
    battery.pane.show(next, batteryScale, next.battery);
    signal.pane.show(next, signalScale, next.rssi);
    online.pane.show(next, onlineScale, next.rssi);
    say();
    const shade = (height: number): TemplateResult[] => gapShades(next, next.gaps, width, height);
    return html`<div class="plots" tabindex="0" role="group" aria-label=${`Charts since ${timeOf(next.from)}. The
left and right arrow keys move the crosshair.`} @keydown=${move}>
<p class="label"><b>Battery, %</b>${battery.says}</p>
${chartRow("tall", batteryScale, battery.canvas, batteryWords(next.battery), svg`${hatch}${shade(heights.tall)}
${grid(batteryScale, heights.tall)}${lowLimit(lowBattery, batteryScale, heights.tall)}${gapTexts(next, next.gaps, width)}`)}
<p class="label"><b>Signal, dBm</b>${signal.says}</p>
${chartRow("mid", signalScale, signal.canvas, signalWords(next.rssi), svg`${shade(heights.mid)}
${grid(signalScale, heights.mid)}`)}
<p class="label"><b>Reported online</b>${online.says}</p>
${chartRow("thin", null, online.canvas, onlineWords(next), svg`${onlineBars(next, width)}${shade(heights.thin)}`)}
${timeAxis(next, width)}<span class="hidden" role="status">${spoken}</span></div>${keyOf(next)}`;
  }

  return {
    draw,
    close() {
      widthChanged.disconnect();
      charts.forEach(({ pane }) => pane.close());
    },
  };
}

function openChart(look: PaneLook | null, pointed: (index: number | null) => void) {
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  const says = document.createElement("span");
  return { canvas, says, pane: openPane(canvas, look, pointed) };
}

function chartRow(size: keyof typeof heights, scale: Scale | null, canvas: HTMLElement, words: string,
  behind: TemplateResult): TemplateResult {
  return html`<div class="y" aria-hidden="true">${(scale === null ? [] : marksOf(scale)).map((mark) =>
    html`<span>${numberOf(mark)}</span>`)}</div><div class="pane ${size}"><svg class=${size} role="img"
  aria-label=${words}>${behind}</svg>${canvas}</div>`;
}

function onlineBars(charted: Charted, width: number): TemplateResult[] {
  return charted.runs.map((run) => {
    const box = boxOf(charted, run, width);
    return run.online
      ? svg`<rect class="bar-fill" x=${box.x} width=${box.width} y="4" height="8"></rect>`
      : svg`<rect class="bar-mute" x=${box.x} width=${box.width} y="9" height="3"></rect>`;
  });
}

function timeAxis(charted: Charted, width: number): TemplateResult {
  return html`<svg class="axis x" aria-hidden="true">${timeTicksOf(charted).map(({ time, text, isRoomy }) => {
    const place = placeIn(charted, time);
    const x = `${(place * 100).toFixed(3)}%`;
    // No label goes beyond the chart.
    const [anchor, at] = place * width < halfLabel ? ["start", "0%"]
      : (1 - place) * width < halfLabel ? ["end", "100%"] : ["middle", x];
    return svg`<line class="base" x1=${x} x2=${x} y1="0" y2="4"></line><text class=${isRoomy ? "roomy" : nothing} x=${at}
y="18" text-anchor=${anchor}>${text}</text>`;
  })}</svg>`;
}

function keyOf({ gaps }: Charted): TemplateResult {
  const has = (kind: Gap["kind"]): boolean => gaps.some((gap) => gap.kind === kind);
  const words = has("silent") && has("outage") ? "device silent, or an outage" : has("outage") ? "outage" : "device silent";
  return html`<p class="key">${has("silent") || has("outage") ? html`<span><svg aria-hidden="true"><rect class="gap" width="20"
height="12"></rect></svg>${words}</span>` : nothing}${has("down") ? html`<span><svg aria-hidden="true"><rect
fill="url(#hatch)" width="20" height="12"></rect></svg>service down</span>` : nothing}<span><svg aria-hidden="true"><rect class="bar-fill" y="2" width="20"
height="8"></rect></svg>online</span><span><svg aria-hidden="true"><rect class="bar-mute" y="7" width="20"
height="3"></rect></svg>offline</span></p>`;
}

// What stands in the labels while nothing is pointed at.
function restOf({ bucket }: Charted): string[] {
  return [`line: mean of ${durationOf(bucket / 1000)}; band: lowest to highest`, "", ""];
}

function gapWords({ from, kind, text }: Gap): string {
  return `${timeOf(from)}: ${text}${kind === "down" ? ", no device is blamed" : ""}`;
}

function textsOf(bucket: Bucket): string[] {
  const rangeText = (range: Range | null, unit: string): string =>
    range === null ? "" : `${withUnit(range.mean, unit, 1)}${range.min === range.max ? "" :
      `, ${numberOf(range.min)} to ${numberOf(range.max)}`}`;
  return [
    `${bucketTime(bucket)}: ${rangeText(bucket.battery, "%")}`,
    rangeText(bucket.rssi, "dBm"),
    bucket.online === null ? "" : bucket.online === 1 ? "online" : bucket.online === 0 ? "offline"
      : `online in ${withUnit(bucket.online * 100, "%")} of its reports`,
  ];
}

// "19 Nov 12:00 to 15:00", "19 Nov" for a whole day, "16 Nov to 22 Nov" for several.
export function bucketTime({ from, to }: Bucket): string {
  const last = dayOf(to - 1);
  if (dayOf(from) !== last) return `${dayOf(from)} to ${last}`;
  const withSeconds = to - from < minute;
  return to - from >= day - hour ? last : `${last} ${clockOf(from, withSeconds)} to ${clockOf(to, withSeconds)}`;
}

function extremesOf({ min, max }: Series): [number, number] {
  const isNumber = (value: number | null): value is number => value !== null;
  return [Math.min(...min.filter(isNumber)), Math.max(...max.filter(isNumber))];
}

function fromTo({ mean }: Series, unit: string): string {
  const known = mean.filter((value) => value !== null);
  const [first, last] = [known[0], known.at(-1)];
  return first === undefined || last === undefined ? "nothing known" : `from ${numberOf(first)} to ${withUnit(last, unit)}`;
}

const batteryWords = (series: Series): string => `Battery: ${fromTo(series, "%")}`;
const signalWords = (series: Series): string => `Signal: ${fromTo(series, "dBm")}`;

function onlineWords({ runs }: Charted): string {
  const times = runs.filter(({ online }) => !online).length;
  return `What it reported: ${times === 0 ? "always online" : `offline ${times === 1 ? "once" : `${times} times`}`}`;
}
