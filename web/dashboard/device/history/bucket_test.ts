import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketsOf, joined, type Bucket } from "./bucket.js";

const empty = { records: 0, battery_level: null, rssi: null, online: null };

const answer = {
  bucket_seconds: 1800,
  buckets: [
    { from: "2026-11-28T13:00:00Z", records: 1, battery_level: { min: 77, max: 77, mean: 77 },
      rssi: { min: -58, max: -58, mean: -58 }, online: 1 },
    { from: "2026-11-28T13:30:00Z", records: 3, battery_level: { min: 70, max: 76, mean: 73 },
      rssi: { min: -62, max: -60, mean: -61 }, online: 0 },
    { from: "2026-11-28T14:00:00Z", ...empty },
    { from: "2026-11-28T14:30:00Z", ...empty },
  ],
};

const hourOf = ({ from }: Bucket): number => Math.floor(from / 3_600_000);

test("a bucket ends where the next one begins", () => {
  const buckets = bucketsOf(answer);
  assert.equal(buckets[0]?.to, buckets[1]?.from);
});

test("a joined bucket weighs its parts by their records", () => {
  const [bucket] = joined(bucketsOf(answer), hourOf);
  assert.equal(bucket?.records, 4);
  assert.deepEqual(bucket?.battery, { min: 70, max: 77, mean: 74 });
  assert.deepEqual(bucket?.rssi, { min: -62, max: -58, mean: -60.25 });
  assert.equal(bucket?.online, 0.25);
});

test("a joined bucket of empty parts is empty", () => {
  const bucket = joined(bucketsOf(answer), hourOf)[1];
  assert.equal(bucket?.records, 0);
  assert.equal(bucket?.battery, null);
  assert.equal(bucket?.online, null);
});

test("joined buckets reach from the first part to the end of the last", () => {
  const buckets = joined(bucketsOf(answer), hourOf);
  assert.equal(buckets.length, 2);
  assert.equal(new Date(buckets[1]?.from ?? 0).toISOString(), "2026-11-28T14:00:00.000Z");
  assert.equal(new Date(buckets[1]?.to ?? 0).toISOString(), "2026-11-28T15:00:00.000Z");
});
