// Which time a chart shows, and the buckets that the service is asked for.
import { day, hour, minute, second, type TimeSpan } from "../times.js";

export const spans = ["7d", "30d", "1y"] as const;
export type SpanName = (typeof spans)[number];

export interface HistoryWindow extends TimeSpan {
  bucket: number; // ms
  count: number;
  parts: number; // of a bucket: the service is asked for these, so that the edges of a silence are known better
}

const lengths: Record<SpanName, number> = { "7d": 7 * day, "30d": 30 * day, "1y": 365 * day };
const shortest = 5 * minute;
const mostBuckets = 366;
const mostParts = 1000; // the service makes no more
const mostLines = 53;

const bucketSizes = [second, 2 * second, 5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour,
  3 * hour, day];
const lineSizes = [30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour, 3 * hour, 6 * hour, day,
  7 * day];

export function isSpanName(text: string | null): text is SpanName {
  return spans.some((span) => span === text);
}

// The last bucket is the one in which `now` is. Buckets begin at whole minutes, hours or days of the viewer's zone, of which
// `zoneOffset` says how far its clocks are ahead of UTC, in ms. `first`: when the device reported first, if that is known;
// nothing before is shown.
export function windowOf(span: SpanName, now: number, zoneOffset: number, first: number | null = null): HistoryWindow {
  const age = first === null ? Infinity : Math.max(shortest, now - first);
  const length = Math.min(age * 1.02, lengths[span]); // a little room before the first report
  const bucket = bucketSizes.find((size) => length / size <= mostBuckets) ?? day;
  const count = Math.ceil(length / bucket);
  const to = (Math.floor((now + zoneOffset) / bucket) + 1) * bucket - zoneOffset;
  const parts = [4, 2].find((each) => count * each <= mostParts) ?? 1;
  return { from: to - count * bucket, to, bucket, count, parts };
}

// Which line of a table of `window` a moment belongs to. Lines are as long as a quarter of a day, a day, or a week from
// Monday on, for the three spans.
export function lineOf({ from, to }: TimeSpan, time: number): number {
  const size = lineSizes.find((each) => (to - from) / each <= mostLines) ?? 7 * day;
  const sinceMonday = time + zoneOffsetAt(time) - 4 * day; // 1970 began on a Thursday
  return Math.floor(sinceMonday / size);
}

export function zoneOffsetAt(now: number): number {
  return -new Date(now).getTimezoneOffset() * minute;
}
