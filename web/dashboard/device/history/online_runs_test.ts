import assert from "node:assert/strict";
import { test } from "node:test";
import { hour, type TimeSpan } from "../times.js";
import { madeBuckets } from "./made_buckets.js";
import { onlineRunsOf, type OnlineRun } from "./online_runs.js";

const inHours = (runs: OnlineRun[]) => runs.map(({ from, to, online }) => [from / hour, to / hour, online]);
const online = madeBuckets([50, 50, 50]);
const offline = madeBuckets([50, 50, 50], 0);

test("neighbours that say the same are one run", () => {
  assert.deepEqual(inHours(onlineRunsOf(online, [], 3 * hour)), [[0, 3, true]]);
});

test("what a device said holds until its next report, but not beyond now", () => {
  const buckets = madeBuckets([50, null, null, 50]);
  assert.deepEqual(inHours(onlineRunsOf(buckets, [], 3.5 * hour)), [[0, 3.5, true]]);
});

test("nothing is drawn in a gap", () => {
  const gap: TimeSpan = { from: 0.5 * hour, to: 1.5 * hour };
  assert.deepEqual(inHours(onlineRunsOf(online, [gap], 3 * hour)), [[0, 0.5, true], [1.5, 3, true]]);
});

test("offline is a run of its own", () => {
  const buckets = [...online.slice(0, 1), ...offline.slice(1, 2), ...online.slice(2)];
  assert.deepEqual(inHours(onlineRunsOf(buckets, [], 3 * hour)), [[0, 1, true], [1, 2, false], [2, 3, true]]);
});

test("a bucket in which both were said is online in proportion", () => {
  assert.deepEqual(inHours(onlineRunsOf(madeBuckets([50], 0.75), [], hour)), [[0, 0.75, true], [0.75, 1, false]]);
});
