import { test } from "node:test";
import assert from "node:assert/strict";
import { outOfOrder } from "./order.js";
import type { Device } from "../../base/service.js";

const list = { filter: {}, sort: "battery_level", order: "asc" } as const;
const devices = (...levels: number[]): Device[] => levels.map((battery_level, i) => ({
  device_id: `d${i}`, battery_level, online: true, rssi: -60, stale: false, last_heard: "", last_update: "",
}));

test("as many rows would move as are out of order, and no more", () => {
  assert.equal(outOfOrder(list, []), 0);
  assert.equal(outOfOrder(list, devices(1, 2, 2, 3)), 0);
  assert.equal(outOfOrder(list, devices(9, 1, 2, 3, 4)), 1);
  assert.equal(outOfOrder(list, devices(1, 2, 0, 3, 1)), 2);
  assert.equal(outOfOrder({ ...list, order: "desc" }, devices(1, 2, 3)), 2);
  assert.equal(outOfOrder({ ...list, order: "desc" }, devices(3, 2, 2, 1)), 0); // equal ones by id
});
