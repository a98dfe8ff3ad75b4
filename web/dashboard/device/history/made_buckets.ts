// Buckets for tests: one an hour from the beginning of time.
import { hour } from "../times.js";
import type { Bucket } from "./bucket.js";

// A level for each bucket; null for an empty one. `online`: the share in each.
export function madeBuckets(levels: (number | null)[], online = 1): Bucket[] {
  return levels.map((level, index) => ({
    from: index * hour,
    to: (index + 1) * hour,
    records: level === null ? 0 : 6,
    battery: level === null ? null : { min: level - 1, max: level + 1, mean: level },
    rssi: level === null ? null : { min: -71, max: -69, mean: -70 },
    online: level === null ? null : online,
  }));
}
