// Percentiles of a histogram of Prometheus.
export interface Bucket {
  upTo: number; // seconds
  count: number; // of all that took at most so long
}

// As Prometheus' histogram_quantile: evenly spread inside a bucket. Seconds; null without a value.
export function percentile(buckets: Bucket[], share: number): number | null {
  const all = buckets.at(-1)?.count ?? 0;
  if (all === 0) return null;
  const wanted = share * all;
  const at = buckets.findIndex(({ count }) => count >= wanted);
  const { upTo, count } = buckets[at]!;
  const below = buckets[at - 1] ?? { upTo: 0, count: 0 };
  if (upTo === Infinity) return below.upTo;
  return below.upTo + ((upTo - below.upTo) * (wanted - below.count)) / (count - below.count);
}
