import { test } from "node:test";
import assert from "node:assert/strict";
import { percentile } from "./percentile.js";

test("a percentile lies inside the bucket where it falls", () => {
  const buckets = [{ upTo: 0.005, count: 987 }, { upTo: 0.01, count: 999 }, { upTo: Infinity, count: 1_000 }];
  assert(Math.abs(percentile(buckets, 0.99)! - 0.00625) < 1e-9);
  assert.equal(percentile(buckets, 1), 0.01); // nobody knows how far beyond
  assert.equal(percentile([{ upTo: Infinity, count: 0 }], 0.99), null);
  assert.equal(percentile([], 0.99), null);
});
