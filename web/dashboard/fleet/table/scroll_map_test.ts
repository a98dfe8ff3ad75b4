import { test } from "node:test";
import assert from "node:assert/strict";
import { scrollMap } from "./scroll_map.js";

test("a table that browsers can draw is not mapped", () => {
  const map = scrollMap(3_600_000);
  assert.equal(map.height, 3_600_000);
  assert.equal(map.toRows(1_234_567), 1_234_567);
});

test("a longer one reaches all its rows, pixel by pixel at both ends", () => {
  const rows = 36_000_000;
  const map = scrollMap(rows);
  assert.equal(map.height, 8_000_000);
  assert.equal(map.toRows(1_000), 1_000);
  assert.equal(map.toRows(map.height - 1_000), rows - 1_000);
  assert.equal(map.toRows(map.height / 2), rows / 2);
  let before = -1;
  for (let scroll = 0; scroll <= map.height; scroll += 12_345) {
    const position = map.toRows(scroll);
    assert(position > before);
    assert(Math.abs(map.toScroll(position) - scroll) < 0.01);
    before = position;
  }
});
