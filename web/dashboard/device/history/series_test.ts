import assert from "node:assert/strict";
import { test } from "node:test";
import type { TimeSpan } from "../times.js";
import { hour } from "../times.js";
import { madeBuckets } from "./made_buckets.js";
import { seriesOf } from "./series.js";

const battery = (levels: (number | null)[], gaps: TimeSpan[], now = 100 * hour) =>
  seriesOf(madeBuckets(levels), (bucket) => bucket.battery, gaps, now);

test("a point stands in the middle of its bucket", () => {
  const series = battery([50, 49], []);
  assert.deepEqual(series.times, [1800, 5400]);
  assert.deepEqual(series.mean, [50, 49]);
  assert.deepEqual(series.min, [49, 48]);
  assert.deepEqual(series.max, [51, 50]);
});

test("the point of the last bucket stands where its reports are", () => {
  assert.deepEqual(battery([50, 49], [], 1.5 * hour).times, [1800, 4500]);
});

test("a line is joined over empty buckets that are no gap", () => {
  assert.deepEqual(battery([50, null, 48], []).mean, [50, 48]);
});

test("a line is cut at a gap", () => {
  assert.deepEqual(battery([50, null, 48], [{ from: hour, to: 2 * hour }]).mean, [50, null, 48]);
});

test("a line is cut at a gap that leaves no bucket empty", () => {
  const series = battery([50, 49], [{ from: 0.8 * hour, to: 1.2 * hour }]);
  assert.deepEqual(series.mean, [50, null, 49]);
  assert.deepEqual(series.times, [1800, 3600, 5400]);
});

test("a point moves out of a gap, to the side where its bucket begins", () => {
  const series = battery([50, 49], [{ from: 0.2 * hour, to: 0.8 * hour }]);
  assert.deepEqual(series.times, [0.2 * 3600, 0.5 * 3600, 5400]);
  assert.deepEqual(series.mean, [50, null, 49]);
});

test("a point moves to the end of a gap in which its bucket begins", () => {
  assert.deepEqual(battery([50, 49], [{ from: 0.9 * hour, to: 1.7 * hour }]).times, [1800, 1.3 * 3600, 1.7 * 3600]);
});

test("reports of a time in which the device was not heard are shown", () => {
  assert.deepEqual(battery([50, 49, 48], [{ from: 0.7 * hour, to: 2.3 * hour }]).mean, [50, 49, 48]);
});

test("times rise, and each point knows its bucket", () => {
  const { times, buckets } = battery([50, null, 48, null, 46], [{ from: hour, to: 2 * hour }, { from: 3 * hour, to: 4 * hour }]);
  assert.deepEqual(times, [...times].sort((one, other) => one - other));
  assert.deepEqual(buckets.map((bucket) => bucket?.battery?.mean ?? null), [50, null, 48, null, 46]);
});
