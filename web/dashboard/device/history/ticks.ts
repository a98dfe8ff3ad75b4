// Where the axes have marks: x at whole minutes, hours, days or months of the viewer's zone, y at round numbers.
import { clockOf, monthOf } from "../../base/time.js";
import { day, hour, minute, type TimeSpan } from "../times.js";

export interface Tick {
  time: number; // ms
  text: string;
  isRoomy: boolean; // left out where the page is narrow
}

// The distance of ticks, for windows longer than that.
const steps: [longerThan: number, step: number | "month"][] = [
  [100 * day, "month"], [10 * day, 7 * day], [2.5 * day, day], [20 * hour, 6 * hour], [8 * hour, 2 * hour], [3 * hour, hour],
  [75 * minute, 30 * minute], [25 * minute, 10 * minute], [8 * minute, 5 * minute], [0, minute],
];

const mostOnPhone = 6;

// Oldest first.
export function timeTicksOf(window: TimeSpan): Tick[] {
  const step = steps.find(([longerThan]) => window.to - window.from > longerThan)?.[1] ?? day;
  const at = new Date(window.from);
  if (step === "month") at.setDate(1);
  at.setHours(0, 0, 0, 0);
  while (at.getTime() < window.from) forward(at, step === 7 * day ? day : step);
  const ticks: { time: number; text: string }[] = [];
  for (; at.getTime() < window.to; forward(at, step)) ticks.push({ time: at.getTime(), text: textOf(at, step) });
  return ticks.map((tick, index) => ({ ...tick, isRoomy: ticks.length > mostOnPhone && index % 2 === 1 }));
}

// By the calendar, so that midnights stay midnights when the clocks change.
function forward(at: Date, step: number | "month"): void {
  if (step === "month") at.setMonth(at.getMonth() + 1);
  else if (step >= day) at.setDate(at.getDate() + step / day);
  else at.setMinutes(at.getMinutes() + step / minute);
}

function textOf(at: Date, step: number | "month"): string {
  if (step === "month") return at.getMonth() === 0 ? String(at.getFullYear()) : monthOf(at);
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0;
  return isMidnight ? `${at.getDate()} ${monthOf(at)}` : clockOf(at.getTime());
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
