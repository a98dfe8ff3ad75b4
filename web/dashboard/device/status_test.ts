import assert from "node:assert/strict";
import { test } from "node:test";
import { silentAfterOf, type DeviceStatus } from "./status.js";
import { hour, minute, second } from "./times.js";

const heard = Date.parse("2026-11-28T10:50:00Z");
const at = (later: number): string => new Date(heard + later).toISOString();
const status = (part: Partial<DeviceStatus>): DeviceStatus => ({
  device_id: "d", battery_level: 50, online: true, last_update: at(0), rssi: -60, last_heard: at(0), stale: false, ...part,
});

test("a device may be quiet until its next report is due", () => {
  assert.equal(silentAfterOf(status({ due: at(40 * minute), usual_seconds: 1200 }), 900), 40 * minute);
  assert.equal(silentAfterOf(status({ due: null }), 900), null);
});

test("a silent device could have been quiet until it was due", () => {
  assert.equal(silentAfterOf(status({ stale: true, was_due: at(40 * minute), usual_seconds: 1200 }), 900), 40 * minute);
  assert.equal(silentAfterOf(status({ stale: true, was_due: at(5 * second), usual_seconds: 2 }), 5), 5 * second);
  assert.equal(silentAfterOf(status({ stale: true, was_due: at(2 * hour), usual_seconds: 60 }), 7_200), 2 * hour);
});

test("time in which the service was down does not count", () => {
  assert.equal(silentAfterOf(status({ stale: true, was_due: at(4 * hour), usual_seconds: 1200 }), 900), 40 * minute);
  assert.equal(silentAfterOf(status({ stale: true, was_due: at(4 * hour), usual_seconds: null }), 900), 15 * minute);
});

test("until the fleet is known a silent device could have been quiet until it was due", () => {
  assert.equal(silentAfterOf(status({ stale: true, was_due: at(4 * hour), usual_seconds: 1200 }), null), 4 * hour);
});
