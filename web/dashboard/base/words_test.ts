// Numbers and times in words.
import { test } from "node:test";
import assert from "node:assert/strict";
import { idParts } from "./ids.js";
import { counted, numberOf, withUnit } from "./numbers.js";
import { durationOf, rhythmOf } from "./time.js";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

test("numbers have commas, a true minus and a space that does not break", () => {
  assert.equal(numberOf(100_000), "100,000");
  assert.equal(numberOf(6.25, 1), "6.3");
  assert.equal(numberOf(1_234_567.04, 1), "1,234,567");
  assert.equal(numberOf(-1_234.5, 2), "\u22121,234.5");
  assert.equal(numberOf(-0.4), "0");
  assert.equal(withUnit(-58, "dBm"), "\u221258\u00a0dBm");
  assert.equal(counted(1, "row"), "1\u00a0row");
  assert.equal(counted(38, "row"), "38\u00a0rows");
});

test("durations have two units at most", () => {
  for (const [seconds, words] of [[-1, "0 s"], [34, "34 s"], [2_820, "47 min"], [3_600, "1 h"], [11_520, "3 h 12 min"],
    [100_800, "1 d 4 h"], [864_000, "10 d"], [1_700_000, "19 d"]] as const) assert.equal(plain(durationOf(seconds)), words);
});

test("rhythms have one unit", () => {
  for (const [seconds, words] of [[45, "45 s"], [300, "5 min"], [1_200, "20 min"], [3_600, "1 h"], [5_400, "1.5 h"],
    [86_400, "24 h"], [259_200, "3 d"]] as const) assert.equal(plain(rhythmOf(seconds)), words);
});

test("an id gives way before its end", () => {
  assert.deepEqual(idParts("sensor-abc-123"), ["sensor-abc-123", ""]);
  assert.deepEqual(idParts("gw03-bath-leak-01"), ["gw03-bath-le", "ak-01"]);
  const [head, tail] = idParts("building-north-floor-12-corridor-emergency-light-monitor-0042-rev-b");
  assert.equal(tail, "0042-rev-b");
  assert.equal(head.length, 57);
  assert.equal(idParts("🌡".repeat(20))[1], "🌡".repeat(5));
});
