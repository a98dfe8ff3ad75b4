import { test } from "node:test";
import assert from "node:assert/strict";
import { csvField, csvLine } from "./csv.js";

test("fields are quoted where they must, and no id becomes a formula", () => {
  assert.equal(csvField('a "b", c'), '"a ""b"", c"');
  assert.equal(csvField(null), "");
  assert.equal(csvField(-71), "-71");
  assert.equal(csvField("=cmd()"), "'=cmd()");
});

test("a line has the columns in their order", () => {
  const line = csvLine({ device_id: "a", battery_level: 3, online: false, rssi: -88, stale: true, last_update: "u", last_heard: "h", group: null,
    usual_seconds: 1_200, was_due: "w", due: null, muted: null, outage: false,
    problems: [{ kind: "silent", since: "s" }, { kind: "battery_low", since: "s" }] });
  assert.equal(line, "a,,3,-88,false,h,1200,,w,true,silent battery_low,,false");
});
