// When a device was silent: known to the second from its reports, and to a bucket before the oldest of them.
import { overlaps, without, type TimeSpan } from "../times.js";
import type { Bucket } from "./bucket.js";
import { listenedIn } from "./downtimes.js";

export interface Evidence {
  buckets: readonly Bucket[]; // oldest first, all of one length
  receipts: readonly number[]; // when its reports were received, oldest first
  receiptsFrom: number; // `receipts` has all since then
  silentAfter: number; // how long it may be quiet, ms
  silentSince: number | null; // when it was last heard, if it is silent now
  downtimes: readonly TimeSpan[]; // of the service
  now: number;
}

// A silence has no part that lies in a downtime, and counts only if it is long enough without these.
export function silencesOf(evidence: Evidence): TimeSpan[] {
  const { silentSince, downtimes, now } = evidence;
  const silences = [...silencesOfBuckets(evidence), ...silencesOfReceipts(evidence)];
  if (silentSince !== null && silentSince < now) silences.push({ from: silentSince, to: now });
  return silences.flatMap((silence) => without(silence, downtimes));
}

// A run of empty buckets between two that are not, and half of each of these: somewhere in them were the last report and
// the next. Not so beside a downtime: there the device may have reported until it began, and from its end on. What comes
// before the first report is no silence.
function silencesOfBuckets({ buckets, receipts, receiptsFrom, silentAfter, downtimes }: Evidence): TimeSpan[] {
  const heard: TimeSpan[] = buckets.filter(({ records, from }) => records > 0 && from < receiptsFrom);
  const first = receipts[0];
  if (first !== undefined) heard.push({ from: first, to: first });
  return heard.slice(1).flatMap((next, index) => {
    const before = heard[index] ?? next;
    const halves = { from: middleOf(before), to: middleOf(next) };
    const silence = downtimes.some((downtime) => overlaps(downtime, halves)) ? { from: before.to, to: next.from } : halves;
    return next.from > before.to && listenedIn(silence, downtimes) > silentAfter ? [silence] : [];
  });
}

const middleOf = ({ from, to }: TimeSpan): number => (from + to) / 2;

function silencesOfReceipts({ receipts, silentAfter, downtimes }: Evidence): TimeSpan[] {
  return receipts.slice(1).flatMap((to, index) => {
    const from = receipts[index] ?? to;
    return to - from > silentAfter && listenedIn({ from, to }, downtimes) > silentAfter ? [{ from, to }] : [];
  });
}
