import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "./remembered.js";

test("work is done once for the same argument, and again for another", () => {
  let times = 0;
  const work = remembered((list: number[]) => [++times, list.length]);
  const [one, other] = [[1, 2], [1, 2]];
  assert.deepEqual(work(one), [1, 2]);
  assert.deepEqual(work(one), [1, 2]);
  assert.deepEqual(work(other), [2, 2]);
});

test("each of several arguments counts", () => {
  let times = 0;
  const work = remembered((one: number, other: number) => [++times, one + other]);
  assert.deepEqual(work(1, 2), [1, 3]);
  assert.deepEqual(work(1, 2), [1, 3]);
  assert.deepEqual(work(1, 3), [2, 4]);
  assert.deepEqual(work(2, 3), [3, 5]);
});
