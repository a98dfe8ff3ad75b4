// Which time a chart shows, and the buckets that the service is asked for.
import { day, hour, minute, type TimeSpan } from "../times.js";

export const spans = ["7d", "30d", "1y"] as const;
export type SpanName = (typeof spans)[number];

export interface HistoryWindow extends TimeSpan {
  bucket: number; // ms
  count: number;
  parts: number; // of a bucket: the service is asked for these, so that the edges of a silence are known better
}

// The service makes at most a thousand parts.
const shapes: Record<SpanName, { length: number; bucket: number; parts: number; line: number }> = {
  "7d": { length: 7 * day, bucket: 30 * minute, parts: 2, line: 6 * hour },
  "30d": { length: 30 * day, bucket: 3 * hour, parts: 4, line: day },
  "1y": { length: 365 * day, bucket: day, parts: 2, line: 7 * day },
};

export function isSpanName(text: string | null): text is SpanName {
  return spans.some((span) => span === text);
}

// The last bucket is the one in which `now` is. Buckets begin at whole hours or days of the viewer's zone, of which
// `zoneOffset` says how far its clocks are ahead of UTC, in ms.
export function windowOf(span: SpanName, now: number, zoneOffset: number): HistoryWindow {
  const { length, bucket, parts } = shapes[span];
  const to = (Math.floor((now + zoneOffset) / bucket) + 1) * bucket - zoneOffset;
  return { from: to - length, to, bucket, count: length / bucket, parts };
}

// Which line of the table a moment belongs to: a quarter of a day, a day, or a week from Monday on.
export function lineOf(span: SpanName, time: number): number {
  const sinceMonday = time + zoneOffsetAt(time) - 4 * day; // 1970 began on a Thursday
  return Math.floor(sinceMonday / shapes[span].line);
}

export function zoneOffsetAt(now: number): number {
  return -new Date(now).getTimezoneOffset() * minute;
}
