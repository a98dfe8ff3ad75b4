// When a device was silent: known to the second from its reports, and to a bucket before the oldest of them.
import type { TimeSpan } from "../times.js";
import type { Bucket } from "./bucket.js";

export interface Evidence {
  buckets: readonly Bucket[]; // oldest first, all of one length
  receipts: readonly number[]; // when its reports were received, oldest first
  receiptsFrom: number; // `receipts` has all since then
  silentAfter: number; // how long it may be quiet, ms
  silentSince: number | null; // when it was last heard, if it is silent now
  now: number;
}

export function silencesOf(evidence: Evidence): TimeSpan[] {
  const { silentSince, now } = evidence;
  const silences = [...silencesOfBuckets(evidence), ...silencesOfReceipts(evidence)];
  if (silentSince !== null && silentSince < now) silences.push({ from: silentSince, to: now });
  return silences;
}

// A run of empty buckets between two that are not, and half of each of these: somewhere in them were the last report and
// the next. What comes before the first report is no silence.
function silencesOfBuckets({ buckets, receipts, receiptsFrom, silentAfter }: Evidence): TimeSpan[] {
  const heard: TimeSpan[] = buckets.filter(({ records, from }) => records > 0 && from < receiptsFrom);
  const first = receipts[0];
  if (first !== undefined) heard.push({ from: first, to: first });
  return heard.slice(1).flatMap((next, index) => {
    const before = heard[index] ?? next;
    const silence = { from: middleOf(before), to: middleOf(next) };
    return next.from > before.to && silence.to - silence.from > silentAfter ? [silence] : [];
  });
}

const middleOf = ({ from, to }: TimeSpan): number => (from + to) / 2;

function silencesOfReceipts({ receipts, silentAfter }: Evidence): TimeSpan[] {
  return receipts.slice(1).flatMap((to, index) => {
    const from = receipts[index] ?? to;
    return to - from > silentAfter ? [{ from, to }] : [];
  });
}
