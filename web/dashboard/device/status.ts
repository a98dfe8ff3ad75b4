// GET /status/{id}: the device as it is now.
import type { Device, Time } from "../base/service.js";

export interface DeviceStatus extends Omit<Device, "last_update"> {
  timestamp: Time; // the device's own
  last_updated: Time; // when that report was received
}

// How long the device may be quiet before it counts as silent, in ms.
export function silentAfterOf(status: DeviceStatus): number | null {
  const due = status.stale ? status.was_due : status.due;
  return due ? Date.parse(due) - Date.parse(status.last_heard) : null;
}
