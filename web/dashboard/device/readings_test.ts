import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bucket } from "./history/bucket.js";
import { drainOf, readingsOf, usualSignalOf } from "./readings.js";
import type { DeviceStatus } from "./status.js";
import type { Report } from "./reports/report.js";
import { day, minute, second } from "./times.js";

// A bucket a day; the level and the signal of each.
const month = (levels: (number | null)[], rssi = -74): Bucket[] =>
  levels.map((level, index) => ({
    from: index * day, to: (index + 1) * day, records: level === null ? 0 : 1,
    battery: level === null ? null : { min: level, max: level, mean: level },
    rssi: level === null ? null : { min: rssi, max: rssi, mean: rssi },
    online: level === null ? null : 1,
  }));

const now = Date.now();
const status = (part: Partial<DeviceStatus> = {}): DeviceStatus => ({
  device_id: "d", last_update: new Date(now).toISOString(),
  last_heard: new Date(now).toISOString(), battery_level: 50, rssi: -88, online: false, stale: false, usual_seconds: 600,
  due: new Date(now + 20 * minute).toISOString(), problems: [], ...part,
});
const report = (minutesAgo: number, online: boolean, delay = 2 * second): Report =>
  ({ own: now - minutesAgo * minute - delay, received: now - minutesAgo * minute, battery: 50, rssi: -88, online });

const noteOf = (name: string, buckets: Bucket[], reports: Report[], part: Partial<DeviceStatus> = {}): string =>
  (readingsOf(status(part), buckets, reports).find((reading) => reading.name === name)?.note ?? "").replaceAll("\u00a0", " ");
const valueOf = (name: string, reports: Report[], part: Partial<DeviceStatus> = {}): string =>
  (readingsOf(status(part), [], reports).find((reading) => reading.name === name)?.value ?? "").replaceAll("\u00a0", " ");

test("a battery's drain is that of the last week", () => {
  assert.equal(drainOf(month([90, 90, 90, 80, 77, 74, 71, 68, 65, 62, 59])), 3);
});

test("a battery's drain begins when it was charged", () => {
  assert.equal(drainOf(month([30, 20, 10, 100, 98, 96])), 2);
});

test("a drain is not known from less than a day, and never negative", () => {
  assert.equal(drainOf([]), null);
  assert.equal(drainOf(month([50])), null);
  assert.equal(drainOf(month([50, 51, 52])), 0);
});

test("days without reports do not count as empty batteries", () => {
  assert.equal(drainOf(month([80, null, null, 74])), 2);
});

test("the usual signal is the median", () => {
  assert.equal(usualSignalOf([...month([50, 50, 50], -74), ...month([50], -20)]), -74);
  assert.equal(usualSignalOf([]), null);
});

test("a signal is compared with the usual one", () => {
  assert.equal(noteOf("Signal", month([50, 50]), []), "14 below its usual −74");
  assert.equal(noteOf("Signal", month([50, 50], -87), []), "as usual, −87");
  assert.equal(noteOf("Signal", month([50, 50], -95), []), "7 above its usual −95");
});

test("what a device reported holds since its first report that said so", () => {
  const reports = [report(0, false), report(10, false), report(20, true)];
  assert.match(noteOf("Reported", [], reports), /^since (\d+ \w+ )?\d\d:\d\d, as it reported$/);
  assert.match(noteOf("Reported", [], reports.slice(0, 2)), /^since .* or before$/);
  assert.equal(noteOf("Reported", [], []), "as it reported");
});

test("the clock is late or fast", () => {
  assert.equal(valueOf("Clock", [report(0, true)]), "2 s late");
  assert.equal(valueOf("Clock", [report(0, true, -90 * second)]), "1 min fast");
  assert.equal(valueOf("Clock", [report(0, true, 0)]), "In time");
  assert.equal(valueOf("Clock", []).trim(), "");
  assert.equal(valueOf("Clock", [], { problems: [{ kind: "clock", since: status().last_update, seconds: 431 }] }), "7 min fast");
});

test("a battery's note has the problem first", () => {
  const since = new Date(now - 10 * day).toISOString();
  const problems = [{ kind: "battery_low" as const, since }, { kind: "battery_falling" as const, since, days_to_empty: 4 }];
  assert.match(noteOf("Battery", month([56, 53, 50]), [], { problems }), /^low since \d+ \w+, empty in 4 days, 3 points a day$/);
  assert.equal(noteOf("Battery", month([50, 50, 50]), []), "steady");
});
