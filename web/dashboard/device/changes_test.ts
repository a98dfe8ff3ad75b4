import assert from "node:assert/strict";
import { test } from "node:test";
import { watchChanges } from "./changes.js";

test("a value is fresh for two seconds after it changed, not when it is seen first", () => {
  let now = 0;
  const changes = watchChanges(() => now);
  assert(!changes.isFresh("Battery", "\u00a0"));
  assert(!changes.isFresh("Battery", "4 %"));
  assert(changes.isFresh("Battery", "3 %"));
  now = 1_999;
  assert(changes.isFresh("Battery", "3 %"));
  now = 2_000;
  assert(!changes.isFresh("Battery", "3 %"));
});

test("each value is watched by itself", () => {
  const changes = watchChanges(() => 0);
  changes.isFresh("Battery", "4 %");
  assert(!changes.isFresh("Signal", "3 dBm"));
});
