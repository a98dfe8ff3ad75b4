// The gaps between reports as a histogram. Its edges are round durations that suit the device.
import { day, hour, minute, second } from "../times.js";

export interface Bar {
  upTo: number; // ms, inclusive; Infinity for the last
  gaps: number;
}

const ladder = [
  ...[1, 2, 5, 10, 20, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 20, 30, 40].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 4, 7, 14].map((count) => count * day),
];
const edgeCount = 8;
const tolerance = 1.05; // a device that reports every ten minutes is a little late every other time

// `gaps`: ms. `silentAfter`: ms, null while unknown; some bars stand beyond it.
export function barsOf(gaps: readonly number[], silentAfter: number | null): Bar[] {
  const sorted = Float64Array.from(gaps).sort();
  const edges = edgesFor(sorted, silentAfter);
  const counts = edges.map((edge) => {
    const next = sorted.findIndex((gap) => gap > edge * tolerance);
    return next < 0 ? sorted.length : next;
  });
  const bars = edges.map((upTo, index) => ({ upTo, gaps: (counts[index] ?? 0) - (counts[index - 1] ?? 0) }));
  return [...bars, { upTo: Infinity, gaps: sorted.length - (counts.at(-1) ?? 0) }];
}

// From below the quick gaps to beyond the silent ones, as evenly as a ladder of round durations allows.
function edgesFor(sorted: Float64Array, silentAfter: number | null): number[] {
  const quick = sorted[Math.floor(sorted.length / 20)] ?? minute;
  const slow = Math.max(silentAfter ?? 0, sorted.at(-2) ?? 0, quick);
  const first = Math.max(0, ladder.findIndex((edge) => edge >= quick) - 1);
  const beyond = ladder.findIndex((edge) => edge > slow);
  const last = Math.min(ladder.length - 1, Math.max(beyond < 0 ? ladder.length - 1 : beyond + 1, first + edgeCount - 1));
  const spread = (last - first) / (edgeCount - 1);
  const chosen = Array.from({ length: edgeCount }, (_, index) => Math.round(first + index * spread));
  return [...new Set(withRung(chosen, typicalRung(sorted)))].map((rung) => ladder[rung] ?? Infinity);
}

// The rung of the usual gap, so that most gaps stand above a label that fits them.
function typicalRung(sorted: Float64Array): number {
  const median = sorted[Math.floor(sorted.length / 2)] ?? minute;
  const rung = ladder.findIndex((edge) => median <= edge * tolerance);
  return rung < 0 ? ladder.length - 1 : rung;
}

// With `rung` in place of the next one beyond it.
function withRung(rungs: readonly number[], rung: number): number[] {
  const beyond = rungs.findIndex((other) => other >= rung);
  return rungs.map((other, index) => (index === beyond ? rung : other));
}

// Where a duration stands on the bars' axis, from 0 to 1.
export function placeOf(duration: number, bars: readonly Bar[]): number {
  const index = bars.findIndex(({ upTo }) => duration <= upTo);
  const low = bars[index - 1]?.upTo ?? 0;
  const high = bars[index]?.upTo ?? Infinity;
  const share = high === Infinity ? 0.5 : (duration - low) / (high - low);
  return (index + share) / bars.length;
}
