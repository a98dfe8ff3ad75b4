import { test } from "node:test";
import assert from "node:assert/strict";
import { barHeight, roundAbove } from "./chart.js";

test("ranges end at a round number above", () => {
  for (const [value, end] of [[0, 1], [0.7, 0.8], [1_104, 1_250], [14.8, 16], [100, 100], [101, 125], [9_900, 10_000]] as const)
    assert(Math.abs(roundAbove(value) - end) < 1e-9, `${value}: ${roundAbove(value)}`);
});

test("what is not zero can be seen", () => {
  assert.equal(barHeight(0, 1_000), 0);
  assert.equal(barHeight(1, 1_000_000), 2);
  assert.equal(barHeight(1_000, 1_000), 46);
});
