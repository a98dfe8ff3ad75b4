import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceOf, clockText, daysText } from "./sentence.js";
import type { DeviceStatus } from "./status.js";

// Half a second more, so that a test that takes a moment finds the same minute.
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000 - 500).toISOString();

const status = (part: Partial<DeviceStatus> = {}): DeviceStatus => ({
  device_id: "sensor-abc-123", last_update: ago(2), last_heard: ago(2), battery_level: 76, rssi: -60,
  online: true, stale: false, usual_seconds: 1200, due: ago(-38), problems: [], ...part,
});

const plain = (text: string): string => text.replaceAll("\u00a0", " ");
const troublesOf = (part: Partial<DeviceStatus>): string[] => sentenceOf(status(part)).troubles.map(({ text }) => plain(text));

test("a device that is well has no trouble", () => {
  const { troubles, rest } = sentenceOf(status());
  assert.deepEqual(troubles, []);
  assert.match(plain(rest),
    /^Heard 2 min ago, usually every 20 min, due by .*\. Its battery is at 76 %, and it says online\.$/);
});

test("a silent device says since when, how often it reports, and what it said before", () => {
  const silent = status({ stale: true, last_heard: ago(192), was_due: ago(152), battery_level: 3, online: false,
    problems: [{ kind: "silent", since: ago(152) }, { kind: "battery_low", since: ago(9000) }] });
  const { troubles, rest } = sentenceOf(silent);
  assert.deepEqual(troubles.map(({ text, tone }) => [plain(text), tone]), [["Silent for 3 h 12 min.", "is-crit"]]);
  assert.match(plain(rest), /^Usually every 20 min, last heard .*, was due .*\. Its battery was at 3 % and it said offline before it went quiet\.$/);
});

test("a silence in an outage is the outage's", () => {
  assert.deepEqual(troublesOf({ stale: true, last_heard: ago(60), outage: true, group: "gw07" }),
    ["Silent for 1 h, in an outage of group gw07."]);
  assert.deepEqual(troublesOf({ stale: true, last_heard: ago(60), outage: true, group: null }),
    ["Silent for 1 h, in an outage of the fleet."]);
});

test("each problem has its words", () => {
  assert.deepEqual(troublesOf({
    battery_level: 12, rssi: -93, problems: [
      { kind: "battery_low", since: ago(1) }, { kind: "battery_falling", since: ago(1), days_to_empty: 4 },
      { kind: "flapping", since: ago(1), departures: 6 }, { kind: "clock", since: ago(1), seconds: -431 },
      { kind: "weak_signal", since: ago(1) },
    ],
  }), ["Battery low, 12 %.", "Battery empty in 4 days.", "Away 6 times within 2 h.", "Clock 7 min slow.",
    "Signal weak, −93 dBm."]);
});

test("a mute says when it ends", () => {
  assert.match(troublesOf({ muted: ago(-60) })[0] ?? "", /^Muted until \d\d:\d\d\.$|^Muted until \d+ \w+ \d\d:\d\d\.$/);
});

test("an unknown rhythm is said", () => {
  assert.match(sentenceOf(status({ usual_seconds: null })).rest, /its rhythm is not known yet/);
});

test("less than a day is not nought days", () => {
  assert.equal(daysText(0.4), "less than a day");
  assert.equal(plain(daysText(1)), "1 day");
  assert.equal(plain(clockText(90)), "1 min fast");
});
