// The page works the rhythm out by the service's rule, so these are much the cases of src/fleet/rhythm_test.cpp.
import assert from "node:assert/strict";
import { test } from "node:test";
import { day, hour, minute, second } from "../times.js";
import { gapsOf, usualGapOf } from "./rhythm.js";

// Reports after these gaps.
function receiptsAfter(gaps: number[], start = 0): number[] {
  const receipts = [start];
  for (const gap of gaps) receipts.push((receipts.at(-1) ?? 0) + gap);
  return receipts;
}

const times = (count: number, gap: number): number[] => Array.from({ length: count }, () => gap);
const usual = (gaps: number[]): number | null => usualGapOf(gapsOf(receiptsAfter(gaps), []));

test("it takes three gaps", () => {
  assert.equal(usual([]), null);
  assert.equal(usual([hour, hour]), null);
  assert.equal(usual([hour, hour, hour]), hour);
});

test("the second longest gap counts, so one holiday does not", () => {
  assert.equal(usual([minute, 2 * day, hour, minute]), hour);
});

test("bursts do not make it quick", () => {
  const burst = times(3, second);
  assert.equal(usual([...burst, hour, ...burst, hour, ...burst]), hour);
});

test("it remembers two windows", () => {
  const two = [...times(2, 5 * hour), ...times(24 * 7, hour)];
  assert.equal(usual(two), 5 * hour);
  assert.equal(usual([...two, ...times(24 * 7 + 2, hour)]), hour);
});

test("the longest gap of the window before counts beside the longest of this one", () => {
  const quick = times((7 * day) / (10 * minute), 10 * minute);
  assert.equal(usual([3 * hour, ...quick, 2 * hour]), 2 * hour);
});

test("a slow device has longer windows", () => {
  assert.equal(usual([...times(2, 3 * day), ...times(20, day)]), 3 * day);
});

test("a device that was quiet for two windows is a stranger again", () => {
  assert.equal(usual([hour, hour, hour, 15 * day]), null);
  assert.equal(usual([hour, hour, hour, 15 * day, minute, minute, minute]), minute);
});

test("a gap in which the service was down teaches nothing", () => {
  const receipts = receiptsAfter([hour, 5 * hour, hour, hour, 5 * hour]);
  const downtimes = [{ from: 2 * hour, to: 5 * hour }, { from: 12 * hour, to: 12 * hour + minute }];
  assert.deepEqual(gapsOf(receipts, downtimes), [[0, 1], [6, 7], [7, 8]].map(([from = 0, to = 0]) =>
    ({ from: from * hour, to: to * hour })));
  assert.equal(usualGapOf(gapsOf(receipts, downtimes)), hour);
  assert.equal(gapsOf(receipts, [{ from: -hour, to: 0 }, { from: 13 * hour, to: 14 * hour }]).length, 5);
});
