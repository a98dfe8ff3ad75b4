// What the device said of itself, as runs: online, then offline, then online.
import { without, type TimeSpan } from "../times.js";
import type { Bucket } from "./bucket.js";

export interface OnlineRun extends TimeSpan {
  online: boolean;
}

// What a device said holds until its next report, but not in a gap, nor beyond `now`. A bucket in which it said both is
// online in proportion.
export function onlineRunsOf(buckets: readonly Bucket[], gaps: readonly TimeSpan[], now: number): OnlineRun[] {
  const heard = buckets.filter((bucket) => bucket.online !== null);
  const runs: OnlineRun[] = [];
  heard.forEach((bucket, index) => {
    const end = Math.min(heard[index + 1]?.from ?? now, now);
    const middle = bucket.from + (Math.min(bucket.to, end) - bucket.from) * (bucket.online ?? 0);
    const turn = bucket.online === 1 ? end : middle;
    for (const run of [
      { from: bucket.from, to: turn, online: true },
      { from: turn, to: end, online: false },
    ])
      for (const part of without(run, gaps)) append(runs, { ...part, online: run.online });
  });
  return runs;
}

function append(runs: OnlineRun[], run: OnlineRun): void {
  const last = runs.at(-1);
  if (last?.online === run.online && last.to === run.from) runs[runs.length - 1] = { ...last, to: run.to };
  else runs.push(run);
}
