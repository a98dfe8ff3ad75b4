// A bucket of the history: what the device reported in an equal part of the time that a chart shows.

export interface Range {
  min: number;
  max: number;
  mean: number;
}

export interface Bucket {
  from: number; // ms
  to: number; // ms, exclusive
  records: number;
  battery: Range | null; // percent; null without records
  rssi: Range | null; // dBm; null without records
  online: number | null; // the share of the records that say so, 0 to 1; null without records
}

export interface BucketsAnswer {
  bucket_seconds: number;
  buckets: {
    from: string;
    records: number;
    battery_level: Range | null;
    rssi: Range | null;
    online: number | null;
  }[];
}

// Neighbours of the same group as one bucket.
export function joined(buckets: readonly Bucket[], groupOf: (bucket: Bucket) => number): Bucket[] {
  const groups = new Map<number, Bucket[]>();
  for (const bucket of buckets) {
    const group = groups.get(groupOf(bucket));
    if (group === undefined) groups.set(groupOf(bucket), [bucket]);
    else group.push(bucket);
  }
  return [...groups.values()].map(oneOf);
}

function oneOf(parts: readonly Bucket[]): Bucket {
  const heard = parts.filter(({ records }) => records > 0);
  const records = heard.reduce((sum, part) => sum + part.records, 0);
  const online = heard.reduce((sum, part) => sum + (part.online ?? 0) * part.records, 0) / records;
  return {
    from: parts[0]?.from ?? 0,
    to: parts.at(-1)?.to ?? 0,
    records,
    battery: rangeOver(heard, records, ({ battery }) => battery),
    rssi: rangeOver(heard, records, ({ rssi }) => rssi),
    online: records === 0 ? null : online,
  };
}

function rangeOver(heard: readonly Bucket[], records: number, rangeOf: (part: Bucket) => Range | null): Range | null {
  const ranges = heard.flatMap((part) => {
    const range = rangeOf(part);
    return range === null ? [] : [{ ...range, weight: part.records / records }];
  });
  if (ranges.length === 0) return null;
  return {
    min: Math.min(...ranges.map(({ min }) => min)),
    max: Math.max(...ranges.map(({ max }) => max)),
    mean: ranges.reduce((sum, { mean, weight }) => sum + mean * weight, 0),
  };
}

export function bucketsOf(answer: BucketsAnswer): Bucket[] {
  return answer.buckets.map((bucket) => {
    const from = Date.parse(bucket.from);
    return {
      from,
      to: from + answer.bucket_seconds * 1000,
      records: bucket.records,
      battery: bucket.battery_level,
      rssi: bucket.rssi,
      online: bucket.online,
    };
  });
}
