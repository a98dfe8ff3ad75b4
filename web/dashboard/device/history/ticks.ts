// Where the axes have marks: x at whole days or months of the viewer's zone, y at round numbers.
import type { TimeSpan } from "../times.js";
import type { SpanName } from "./window.js";

export interface Tick {
  time: number; // ms
  text: string;
  isRoomy: boolean; // left out where the page is narrow
}

const dayText = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const monthText = new Intl.DateTimeFormat("en-GB", { month: "short" });

// 7 d: each day. 30 d: each seventh day. 1 y: each month, with the year at each January. Oldest first.
export function timeTicksOf(span: SpanName, window: TimeSpan): Tick[] {
  const ticks: Tick[] = [];
  const start = new Date(window.from);
  const at = new Date(start.getFullYear(), start.getMonth(), start.getDate());
  if (span === "1y") at.setDate(1);
  while (at.getTime() < window.from) step(at, span === "1y" ? "month" : "day");
  for (let index = 0; at.getTime() < window.to; ++index) {
    ticks.push({ time: at.getTime(), text: textOf(at, span), isRoomy: span !== "30d" && index % 2 === 1 });
    if (span === "30d") at.setDate(at.getDate() + 7);
    else step(at, span === "1y" ? "month" : "day");
  }
  return ticks;
}

function step(at: Date, unit: "day" | "month"): void {
  if (unit === "day") at.setDate(at.getDate() + 1);
  else at.setMonth(at.getMonth() + 1);
}

function textOf(at: Date, span: SpanName): string {
  if (span !== "1y") return dayText.format(at);
  return at.getMonth() === 0 ? String(at.getFullYear()) : monthText.format(at);
}

export interface Scale {
  low: number;
  high: number;
  step: number;
}

export const batteryScale: Scale = { low: 0, high: 100, step: 25 };

// -110 to -50 dBm, wider if what is shown goes beyond; three to five lines.
export function signalScaleOf(lowest: number, highest: number): Scale {
  const low = Math.min(-110, Math.floor(lowest / 10) * 10);
  const high = Math.max(-50, Math.ceil(highest / 10) * 10);
  for (let step = 20; ; step += 10) {
    const lines = Math.ceil((high - low) / step);
    if (lines <= 4) return { low, high: low + lines * step, step };
  }
}

// From the top down, as they stand beside a chart.
export function marksOf({ low, high, step }: Scale): number[] {
  const marks: number[] = [];
  for (let mark = high; mark >= low; mark -= step) marks.push(mark);
  return marks;
}
