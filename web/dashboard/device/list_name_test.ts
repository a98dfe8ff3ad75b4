import assert from "node:assert/strict";
import { test } from "node:test";
import { listName } from "./list_name.js";

const named = (query: string): string => listName(new URLSearchParams(query));

test("a list is named after its filter", () => {
  assert.equal(named(""), "Fleet");
  assert.equal(named("?problem=silent"), "Silent devices");
  assert.equal(named("?stale=true&sort=battery_level"), "Silent devices");
  assert.equal(named("?problem=silent&group=gw07"), "Silent devices of gw07");
  assert.equal(named("?group=gw07"), "Group gw07");
  assert.equal(named("?q=hall"), "Devices with “hall”");
  assert.equal(named("?battery_below=20"), "Devices");
  assert.equal(named("?muted=true&q=hall"), "Muted devices with “hall”");
  assert.equal(named("?sort=rssi"), "Fleet");
});
