import assert from "node:assert/strict";
import { test } from "node:test";
import { hour, minute } from "../times.js";
import { madeBuckets } from "./made_buckets.js";
import { silencesOf, type Evidence } from "./silences.js";

const evidence = (part: Partial<Evidence>): Evidence => ({
  buckets: [], receipts: [], receiptsFrom: Infinity, silentAfter: 40 * minute, silentSince: null, downtimes: [],
  now: 100 * hour, ...part,
});

test("empty buckets are a silence, from the middle of the one before to the middle of the one after", () => {
  const buckets = madeBuckets([50, null, null, 49]);
  assert.deepEqual(silencesOf(evidence({ buckets })), [{ from: 0.5 * hour, to: 3.5 * hour }]);
});

test("a slow device may leave buckets empty", () => {
  const buckets = madeBuckets([50, null, null, 49]);
  assert.deepEqual(silencesOf(evidence({ buckets, silentAfter: 3 * hour })), []);
});

test("buckets side by side are no silence, however quick the device is", () => {
  assert.deepEqual(silencesOf(evidence({ buckets: madeBuckets([50, 49, 48]), silentAfter: minute })), []);
});

test("what comes before the first report is no silence", () => {
  assert.deepEqual(silencesOf(evidence({ buckets: madeBuckets([null, null, null, 50, 49]) })), []);
});

test("an empty end is a silence only if the device is silent", () => {
  const buckets = madeBuckets([50, null, null, null]);
  assert.deepEqual(silencesOf(evidence({ buckets, now: 4 * hour })), []);
  assert.deepEqual(silencesOf(evidence({ buckets, now: 4 * hour, silentSince: 50 * minute })),
    [{ from: 50 * minute, to: 4 * hour }]);
});

test("receipts tell a silence to the second", () => {
  const receipts = [0, 10 * minute, 20 * minute, 61 * minute, 101 * minute];
  assert.deepEqual(silencesOf(evidence({ receipts, receiptsFrom: 0 })), [{ from: 20 * minute, to: 61 * minute }]);
});

test("a gap exactly as long as it may be is no silence", () => {
  assert.deepEqual(silencesOf(evidence({ receipts: [0, 40 * minute], receiptsFrom: 0 })), []);
});

test("buckets count only before the receipts", () => {
  const buckets = madeBuckets([50, 50, null, null, 50]);
  const receipts = [2, 2.5, 3, 3.5, 4].map((time) => time * hour);
  assert.deepEqual(silencesOf(evidence({ buckets, receipts, receiptsFrom: 2 * hour })), []);
});

test("a bucket in which the receipts begin is none before them", () => {
  const buckets = madeBuckets([50, 50, 50]);
  const receipts = [1.7 * hour, 2 * hour];
  assert.deepEqual(silencesOf(evidence({ buckets, receipts, receiptsFrom: 1.4 * hour, silentAfter: 5 * minute })),
    [{ from: 1.7 * hour, to: 2 * hour }]);
});

test("a silence may end with the first receipt", () => {
  const buckets = madeBuckets([50, null, null, null]);
  assert.deepEqual(silencesOf(evidence({ buckets, receipts: [3.2 * hour], receiptsFrom: 3 * hour })),
    [{ from: 0.5 * hour, to: 3.2 * hour }]);
});

test("buckets after the first receipt do not count", () => {
  const buckets = madeBuckets([50, null, 50, 50]);
  assert.deepEqual(silencesOf(evidence({ buckets, receipts: [2.2 * hour, 2.6 * hour], receiptsFrom: 2 * hour })),
    [{ from: 0.5 * hour, to: 2.2 * hour }]);
});

test("a gap in a downtime is no silence, by receipts and by buckets", () => {
  const downtimes = [{ from: 65 * minute, to: 4.2 * hour }];
  const receipts = [50 * minute, hour, 4.3 * hour, 4.5 * hour];
  assert.deepEqual(silencesOf(evidence({ receipts, receiptsFrom: 0, downtimes })), []);
  const buckets = madeBuckets([50, 50, null, null, 50]);
  assert.deepEqual(silencesOf(evidence({ buckets, downtimes })), []);
  assert.deepEqual(silencesOf(evidence({ buckets, downtimes: [{ from: 2 * hour, to: 3.5 * hour }] })), []);
});

test("a silence that a downtime interrupts counts without that, and is cut there", () => {
  const downtimes = [{ from: 2 * hour, to: 3 * hour }];
  assert.deepEqual(silencesOf(evidence({ receipts: [1.5 * hour, 3.3 * hour], receiptsFrom: 0, downtimes })),
    [{ from: 1.5 * hour, to: 2 * hour }, { from: 3 * hour, to: 3.3 * hour }]);
  assert.deepEqual(silencesOf(evidence({ receipts: [1.5 * hour, 3.1 * hour], receiptsFrom: 0, downtimes })), []);
  const buckets = madeBuckets([50, null, null, null, 49]);
  assert.deepEqual(silencesOf(evidence({ buckets, downtimes })),
    [{ from: hour, to: 2 * hour }, { from: 3 * hour, to: 4 * hour }]);
});

test("a silence that lasts is cut at a downtime, and lasts", () => {
  const downtimes = [{ from: 2 * hour, to: 3 * hour }];
  assert.deepEqual(silencesOf(evidence({ silentSince: hour, now: 3.1 * hour, downtimes })),
    [{ from: hour, to: 2 * hour }, { from: 3 * hour, to: 3.1 * hour }]);
});

test("a downtime of another time changes nothing", () => {
  const buckets = madeBuckets([50, null, null, 49]);
  assert.deepEqual(silencesOf(evidence({ buckets, downtimes: [{ from: 4 * hour, to: 9 * hour }] })),
    [{ from: 0.5 * hour, to: 3.5 * hour }]);
});
