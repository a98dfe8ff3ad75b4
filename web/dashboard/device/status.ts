// The device as it is now: all that POST /status/query can say of it.
import type { Device } from "../base/service.js";

export type DeviceStatus = Device;

export const statusFields: (keyof Device)[] = ["device_id", "battery_level", "online", "last_update", "rssi", "last_heard",
  "stale", "was_due", "group", "usual_seconds", "due", "problems", "muted", "outage"];

// How long the device may be quiet before it counts as silent, in ms.
export function silentAfterOf(status: DeviceStatus): number | null {
  const due = status.stale ? status.was_due : status.due;
  return due ? Date.parse(due) - Date.parse(status.last_heard) : null;
}
