// When the service did not listen. Nobody was heard then, so no device is blamed for a gap of that time.
import type { Time } from "../../base/service.js";
import { without, type TimeSpan } from "../times.js";

// GET /fleet/downtimes, the oldest first
export interface DowntimesAnswer {
  downtimes: { from: Time; to: Time }[];
}

export function downtimesOf({ downtimes }: DowntimesAnswer): TimeSpan[] {
  return downtimes.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
}

// For how long of `span` the service listened, in ms. Only that counts as silence, as in the service itself.
export function listenedIn(span: TimeSpan, downtimes: readonly TimeSpan[]): number {
  return without(span, downtimes).reduce((sum, { from, to }) => sum + to - from, 0);
}
