// The device as it is now: all that POST /status/query can say of it.
import type { Device } from "../base/service.js";
import { second } from "./times.js";

export type DeviceStatus = Device;

export const statusFields: (keyof Device)[] = ["device_id", "battery_level", "online", "last_update", "rssi", "last_heard",
  "stale", "was_due", "group", "usual_seconds", "due", "problems", "muted", "outage"];

// How long the device may be quiet before it counts as silent, in ms. A report is due later if the service was down
// meanwhile, which does not count: so for a silent device the rule stands in for the moment that it was due. `staleAfter`:
// after how many seconds any device may be silent; null until that is known.
export function silentAfterOf(status: DeviceStatus, staleAfter: number | null): number | null {
  const { stale, last_heard, was_due, due, usual_seconds } = status;
  const moment = stale ? was_due : due;
  if (!moment) return null;
  const waited = Date.parse(moment) - Date.parse(last_heard);
  if (!stale || staleAfter === null) return waited;
  return Math.min(waited, second * Math.max(staleAfter, 2 * (usual_seconds ?? 0)));
}
