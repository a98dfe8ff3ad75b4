// The gaps of the charts: why nothing is drawn there, and what stands beside it.
import type { Outage } from "../../base/service.js";
import { durationOf } from "../../base/time.js";
import { overlaps, type TimeSpan } from "../times.js";

export interface Gap extends TimeSpan {
  kind: "silent" | "outage" | "down"; // down: the service was
  text: string;
}

export function downtimeGapsOf(downtimes: readonly TimeSpan[]): Gap[] {
  return downtimes.map((downtime) =>
    ({ ...downtime, kind: "down", text: `service down ${durationOf((downtime.to - downtime.from) / 1000)}` }));
}

// A silence during an outage of the device's group, or of the whole fleet, bears the group's name. `isOut`: the device is
// silent now because its group is out.
export function gapsOf(silences: TimeSpan[], group: string | null, outages: Outage[], isOut: boolean, now: number): Gap[] {
  const ours = outages.filter((outage) => outage.group === null || outage.group === group);
  return silences.map((silence) => {
    const isRunning = silence.to >= now;
    const outage = ours.find(({ since, ended }) =>
      overlaps(silence, { from: Date.parse(since), to: ended === null ? now : Date.parse(ended) }));
    const length = isRunning ? "now" : durationOf((silence.to - silence.from) / 1000);
    if (outage === undefined && !(isRunning && isOut)) return { ...silence, kind: "silent", text: `silent ${length}` };
    return { ...silence, kind: "outage", text: `outage of ${outage?.group ?? group ?? "the fleet"}, ${length}` };
  });
}
