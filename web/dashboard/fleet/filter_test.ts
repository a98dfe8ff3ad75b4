import { test } from "node:test";
import assert from "node:assert/strict";
import { chips, hrefOf, listOf, matches, noMatchSentence, summaryQuery, without, type List } from "./filter.js";
import type { Device } from "../base/service.js";

const at = (query: string): List => listOf(new URL(`http://fleet/${query}`));
const device: Device = {
  device_id: "gw07-kitchen-03", battery_level: 9, online: true, rssi: -71, stale: true, last_heard: "2026-11-28T13:41:00Z",
  last_update: "2026-11-28T13:41:00Z", group: "gw07", outage: true, muted: null,
  problems: [{ kind: "battery_low", since: "2026-11-27T10:00:00Z" }],
};

test("a list is what the address says, and the address says no more than it must", () => {
  const list = at("?battery_below=60&q=&nonsense=1&sort=rssi&order=desc");
  assert.deepEqual(list, { filter: { battery_below: "60" }, sort: "rssi", order: "desc" });
  assert.match(hrefOf(list), /\?battery_below=60&sort=rssi&order=desc$/);
  assert.match(hrefOf(at("?group=a&q=b&sort=device_id&order=asc")), /\?q=b&group=a$/);
  assert.deepEqual(summaryQuery(at("?sort=size")), { sort: "device_id", order: "asc" });
});

test("each filter but the search has a chip, and can be lifted alone", () => {
  const list = at("?q=kitchen&problem=silent&battery_below=60&rssi_below=-70&silent_for=90m");
  assert.deepEqual(chips(list).map(([, words]) => words),
    ["Silent", "Battery below 60\u00a0%", "Signal below \u221270\u00a0dBm", "Silent for 1\u00a0h\u00a030\u00a0min"]);
  assert.deepEqual(without(list, "problem").filter, { q: "kitchen", battery_below: "60", rssi_below: "-70", silent_for: "90m" });
});

test("what nothing matches is named in a sentence", () => {
  assert.equal(noMatchSentence(at("?group=gw07&q=kitchne")), "No device of group gw07 has “kitchne” in its id");
  assert.equal(noMatchSentence(at("?group=gw07")), "No device is in group gw07");
  assert.equal(noMatchSentence(at("?problem=battery_low&online=true&muted=false")),
    "No device has a low battery, reported online and is not muted");
});

test("a device matches as the service matches it", () => {
  for (const query of ["", "?group=gw07", "?stale=true", "?online=true", "?battery_below=10", "?rssi_below=-70", "?problem=outage",
    "?problem=battery_low", "?problem=any", "?muted=false"]) assert.equal(matches(at(query), device), true, query);
  for (const query of ["?group=gw08", "?stale=false", "?online=false", "?battery_below=9", "?rssi_below=-71", "?problem=silent",
    "?muted=true", "?group=gw07&online=false"]) assert.equal(matches(at(query), device), false, query);
  assert.equal(matches(at("?problem=any"), { ...device, muted: "2026-11-30T08:00:00Z" }), false);
});
