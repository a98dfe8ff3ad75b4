// The order of the table stays as it was read. How many rows would move, if it were read again?
import type { Device } from "../../base/service.js";
import type { List } from "../filter.js";

function compare({ sort, order }: List, a: Device, b: Device): number {
  const [x, y] = [a[sort], b[sort]];
  const byKey = x < y ? -1 : x > y ? 1 : 0;
  const byId = a.device_id < b.device_id ? -1 : 1;
  return byKey === 0 ? byId : order === "asc" ? byKey : -byKey;
}

// The least number of devices that have to be moved for the others to be in order.
export function outOfOrder(list: List, devices: Device[]): number {
  const ends: Device[] = []; // of the increasing runs of each length, the one with the smallest last device
  for (const device of devices) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(list, ends[middle]!, device) < 0) low = middle + 1;
      else high = middle;
    }
    ends[low] = device;
  }
  return devices.length - ends.length;
}
