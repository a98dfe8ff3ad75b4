import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outage } from "../../base/service.js";
import { hour } from "../times.js";
import { downtimeGapsOf, gapsOf } from "./gaps.js";

const at = (hours: number): string => new Date(hours * hour).toISOString();
const outage = (group: string | null, since: number, ended: number | null): Outage => ({
  group, since: at(since), found: at(since), ended: ended === null ? null : at(ended), devices: 9, heard: 0, silent: 9,
});
const silence = { from: 10 * hour, to: 14 * hour };

test("a silence says how long it was", () => {
  assert.deepEqual(gapsOf([silence], "gw07", [], false, 20 * hour), [{ ...silence, kind: "silent", text: "silent 4\u00a0h" }]);
});

test("a silence that lasts says so", () => {
  assert.equal(gapsOf([silence], "gw07", [], false, 14 * hour)[0]?.text, "silent now");
});

test("a silence in an outage of its group bears the group's name", () => {
  const [gap] = gapsOf([silence], "gw07", [outage("gw07", 11, 13)], false, 20 * hour);
  assert.equal(gap?.kind, "outage");
  assert.equal(gap?.text, "outage of gw07, 4\u00a0h");
});

test("an outage of another group, or of another time, does not count", () => {
  const outages = [outage("gw08", 11, 13), outage("gw07", 15, 16)];
  assert.equal(gapsOf([silence], "gw07", outages, false, 20 * hour)[0]?.kind, "silent");
});

test("an outage of the whole fleet counts for all", () => {
  assert.equal(gapsOf([silence], null, [outage(null, 9, null)], false, 20 * hour)[0]?.text, "outage of the fleet, 4\u00a0h");
});

test("the service's word that the group is out is enough", () => {
  assert.equal(gapsOf([silence], "gw07", [], true, 14 * hour)[0]?.text, "outage of gw07, now");
});

test("a downtime says how long the service was down", () => {
  assert.deepEqual(downtimeGapsOf([{ from: 2 * hour, to: 14 * hour }]),
    [{ from: 2 * hour, to: 14 * hour, kind: "down", text: "service down 12\u00a0h" }]);
});
