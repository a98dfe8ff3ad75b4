// How long the device is usually quiet, from its reports, by the rule of src/fleet/rhythm: the second longest of four
// gaps, the two longest of the present window and the two longest of the window before.
import { day, overlaps, type TimeSpan } from "../times.js";

const shortestWindow = 7 * day;
const gapsToKnow = 3;

type Pair = readonly [longer: number, shorter: number];

interface Learned {
  current: Pair;
  previous: Pair;
  known: number; // gaps, at most gapsToKnow
  start: number; // of the present window, ms
}

const nothing: Learned = { current: [0, 0], previous: [0, 0], known: 0, start: 0 };

// The gaps between reports, oldest first, without those in which the service was down for a time: nobody knows how long
// they were. `receipts`: oldest first.
export function gapsOf(receipts: readonly number[], downtimes: readonly TimeSpan[]): TimeSpan[] {
  const near = downtimes.filter(({ to }) => to > (receipts[0] ?? Infinity));
  return receipts.slice(1).map((to, index) => ({ from: receipts[index] ?? to, to }))
    .filter((gap) => !near.some((downtime) => overlaps(downtime, gap)));
}

// In ms; null while fewer than three gaps are known. `gaps`: oldest first.
export function usualGapOf(gaps: readonly TimeSpan[]): number | null {
  const learned = gaps.reduce(learn, nothing);
  return learned.known < gapsToKnow ? null : usualOf(learned);
}

function learn(learned: Learned, gap: TimeSpan): Learned {
  const inWindow = turned(learned, gap.to);
  const { current, previous, known, start } = inWindow;
  const length = gap.to - gap.from;
  if (known === gapsToKnow && length <= current[1]) return inWindow; // as most gaps of thousands
  return {
    current: withGap(current, length),
    previous,
    known: Math.min(known + 1, gapsToKnow),
    start,
  };
}

function withGap([longer, shorter]: Pair, gap: number): Pair {
  if (gap > longer) return [gap, longer];
  return [longer, Math.max(shorter, gap)];
}

// Begins a new window if the present one is over.
function turned(learned: Learned, now: number): Learned {
  const age = now - learned.start;
  if (learned.known > 0 && age < shortestWindow) return learned; // so it is for most gaps
  const window = Math.max(shortestWindow, 8 * usualOf(learned));
  if (learned.known > 0 && age < window) return learned;
  if (learned.known === 0 || age >= 2 * window) return { ...nothing, start: now };
  return { ...learned, current: [0, 0], previous: learned.current, start: now };
}

function usualOf({ current, previous }: Learned): number {
  return [...current, ...previous].sort((one, other) => other - one)[1] ?? 0;
}
