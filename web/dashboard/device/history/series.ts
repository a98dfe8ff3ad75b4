// The points of a chart's line and band. A line is cut by a null at each gap, so that it never joins across one.
import type { TimeSpan } from "../times.js";
import type { Bucket, Range } from "./bucket.js";

export interface Series {
  times: number[]; // seconds since 1970, rising
  min: (number | null)[];
  max: (number | null)[];
  mean: (number | null)[];
  buckets: (Bucket | null)[]; // of which the point is; null at a cut
}

interface Point {
  time: number; // ms
  bucket: Bucket | null;
}

// `gaps`: in which nothing may be drawn. `now`: nothing is drawn beyond it.
export function seriesOf(
  buckets: readonly Bucket[],
  rangeOf: (bucket: Bucket) => Range | null,
  gaps: readonly TimeSpan[],
  now: number,
): Series {
  const points: Point[] = buckets
    .filter((bucket) => bucket.records > 0 && bucket.from <= now)
    .map((bucket) => ({ time: middleOf(bucket, gaps, now), bucket }));
  for (const gap of gaps) {
    const time = (gap.from + gap.to) / 2;
    if (!points.some((point) => point.time > gap.from && point.time < gap.to)) points.push({ time, bucket: null });
  }
  points.sort((one, other) => one.time - other.time);
  const ranges = points.map(({ bucket }) => (bucket === null ? null : rangeOf(bucket)));
  return {
    times: points.map(({ time }) => time / 1000),
    min: ranges.map((range) => range?.min ?? null),
    max: ranges.map((range) => range?.max ?? null),
    mean: ranges.map((range) => range?.mean ?? null),
    buckets: points.map(({ bucket }) => bucket),
  };
}

// A bucket's point stands in its middle; if a gap began or ended in the bucket, at the gap's edge.
function middleOf(bucket: Bucket, gaps: readonly TimeSpan[], now: number): number {
  const middle = (bucket.from + Math.min(bucket.to, now)) / 2;
  const gap = gaps.find(({ from, to }) => from < middle && middle < to);
  if (gap === undefined) return middle;
  if (gap.from > bucket.from) return gap.from;
  return gap.to < bucket.to ? gap.to : middle;
}
