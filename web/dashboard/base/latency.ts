// How long POST /status takes, for 99 of 100 reports: from the histogram in /metrics, whose differences are what happened
// between two readings. A reload keeps what was seen.
import { metrics } from "./metrics.js";
import { percentile, type Bucket } from "./percentile.js";
import type { Metrics } from "./store_words.js";
import { now } from "./time.js";
import { watched } from "./watched.js";

export interface LatencyPoint {
  at: number; // ms since 1970
  p99: number | null; // ms; null without a report in that time
}

export interface Latency {
  current: number | null; // ms
  worst: number | null;
  points: LatencyPoint[]; // of the last hour
}

const kept = "latency";
const hour = 3_600_000;

export const latency = watched<Latency>(latencyOf(restored()));

export function startLatency(): void {
  let before: Bucket[] | null = null;
  metrics.watch((samples) => {
    const buckets = samples === null ? [] : bucketsOf(samples);
    if (buckets.length === 0) return;
    const p99 = percentile(before === null ? buckets : difference(buckets, before), 0.99);
    before = buckets;
    const point: LatencyPoint = { at: now(), p99: p99 === null ? null : p99 * 1_000 };
    const points = [...latency.get().points.filter(({ at }) => at > now() - hour), point];
    latency.set(latencyOf(points));
    sessionStorage.setItem(kept, JSON.stringify(points));
  });
}

function restored(): LatencyPoint[] {
  const points = JSON.parse(sessionStorage.getItem(kept) ?? "[]") as LatencyPoint[];
  return points.filter(({ at }) => at > now() - hour);
}

function latencyOf(points: LatencyPoint[]): Latency {
  const values = points.flatMap(({ p99 }) => (p99 === null ? [] : [p99]));
  return { current: values.at(-1) ?? null, worst: values.length > 0 ? Math.max(...values) : null, points };
}

function bucketsOf(samples: Metrics): Bucket[] {
  const buckets: Bucket[] = [];
  for (const [name, count] of samples) {
    const bound = /^ubiety_http_request_duration_seconds_bucket{route="\/status",le="([^"]+)"}$/.exec(name)?.[1];
    if (bound !== undefined) buckets.push({ upTo: bound === "+Inf" ? Infinity : Number(bound), count });
  }
  return buckets.sort((a, b) => a.upTo - b.upTo);
}

// A service that started again counts from zero.
function difference(buckets: Bucket[], before: Bucket[]): Bucket[] {
  const isNew = (buckets.at(-1)?.count ?? 0) < (before.at(-1)?.count ?? 0);
  return isNew ? buckets : buckets.map(({ upTo, count }, i) => ({ upTo, count: count - (before[i]?.count ?? 0) }));
}
