import assert from "node:assert/strict";
import { test } from "node:test";
import { day, hour, minute, second } from "../times.js";
import { barsOf, placeOf } from "./bars.js";

const many = (count: number, gap: number): number[] => Array.from({ length: count }, () => gap);
const sum = (counts: number[]): number => counts.reduce((one, other) => one + other, 0);

test("each gap is in one bar", () => {
  const gaps = [...many(1500, 10 * minute), ...many(200, 14 * minute), 20 * minute, 3 * day, 20 * second];
  assert.equal(sum(barsOf(gaps, 40 * minute).map((bar) => bar.gaps)), gaps.length);
});

test("a device that is a little late each other time has one high bar", () => {
  const gaps = [...many(800, 10 * minute - 2 * second), ...many(800, 10 * minute + 2 * second)];
  const high = barsOf(gaps, 40 * minute).filter((bar) => bar.gaps > 0);
  assert.equal(high.length, 1);
  assert.equal(high[0]?.upTo, 10 * minute);
});

test("most gaps stand above a label that fits them, however far it is to silence", () => {
  for (const gap of [10 * second, minute, 10 * minute, hour]) {
    const [highest] = barsOf([...many(500, gap), ...many(9, 4 * hour)], 2 * day).sort((one, other) => other.gaps - one.gaps);
    assert.equal(highest?.upTo, gap);
  }
});

test("edges rise, and some stand beyond what counts as silent", () => {
  for (const silentAfter of [15 * minute, 40 * minute, 8 * hour, 2 * day]) {
    const edges = barsOf([...many(50, silentAfter / 4), silentAfter / 2, silentAfter / 2], silentAfter).map(({ upTo }) => upTo);
    assert.deepEqual(edges, [...edges].sort((one, other) => one - other));
    assert.equal(edges.at(-1), Infinity);
    assert((edges.at(-2) ?? 0) > silentAfter, `${silentAfter}: ${edges.join()}`);
    assert(edges.length >= 5 && edges.length <= 9, `${silentAfter}: ${edges.join()}`);
  }
});

test("without gaps, all bars are empty", () => {
  assert.equal(sum(barsOf([], null).map(({ gaps }) => gaps)), 0);
});

test("a duration stands in its bar", () => {
  const bars = [{ upTo: 10, gaps: 0 }, { upTo: 20, gaps: 0 }, { upTo: 40, gaps: 0 }, { upTo: Infinity, gaps: 0 }];
  assert.equal(placeOf(20, bars), 0.5);
  assert.equal(placeOf(30, bars), 2.5 / 4);
  assert.equal(placeOf(1000, bars), 3.5 / 4);
});
