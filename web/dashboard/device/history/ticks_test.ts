import assert from "node:assert/strict";
import { test } from "node:test";
import { batteryScale, marksOf, signalScaleOf, timeTicksOf } from "./ticks.js";

const local = (year: number, month: number, date: number, hours = 0): number =>
  new Date(year, month - 1, date, hours).getTime();

test("a month has a tick each seventh midnight", () => {
  const ticks = timeTicksOf({ from: local(2026, 10, 29, 15), to: local(2026, 11, 28, 14) });
  assert.deepEqual(ticks.map(({ text }) => text), ["30 Oct", "6 Nov", "13 Nov", "20 Nov", "27 Nov"]);
  assert.equal(ticks[0]?.time, local(2026, 10, 30));
});

test("midnights stay midnights when the clocks change", () => {
  const ticks = timeTicksOf({ from: local(2026, 10, 22), to: local(2026, 10, 28) });
  for (const { time } of ticks) assert.equal(new Date(time).getHours(), 0);
  assert.equal(ticks.length, 6);
});

test("a year has a tick each month, and the year at its beginning", () => {
  const ticks = timeTicksOf({ from: local(2025, 11, 29), to: local(2026, 11, 28) });
  assert.deepEqual(ticks.map(({ text }) => text).slice(0, 3), ["Dec", "2026", "Feb"]);
  assert.equal(ticks.length, 12);
});

test("a young device's ticks are hours or minutes, and the date at midnight", () => {
  const texts = (from: number, to: number): string[] => timeTicksOf({ from, to }).map(({ text }) => text);
  assert.deepEqual(texts(local(2026, 11, 28, 20), local(2026, 11, 29, 2)), ["20:00", "21:00", "22:00", "23:00", "29 Nov", "01:00"]);
  const start = local(2026, 11, 28, 14);
  assert.deepEqual(texts(start + 1, start + 16 * 60_000), ["14:05", "14:10", "14:15"]);
});

test("no window has too many ticks, or none", () => {
  for (let length = 5 * 60_000; length < 366 * 24 * 3_600_000; length *= 1.07) {
    const { length: count } = timeTicksOf({ from: local(2026, 1, 1, 7) + 12_345, to: local(2026, 1, 1, 7) + 12_345 + length });
    assert(count >= 1 && count <= 14, `${length}: ${count}`);
  }
});

test("every other day gives way on a narrow page", () => {
  const ticks = timeTicksOf({ from: local(2026, 11, 20), to: local(2026, 11, 27) });
  assert.deepEqual(ticks.map(({ isRoomy }) => isRoomy), [false, true, false, true, false, true, false]);
});

test("the battery's axis is fixed", () => {
  assert.deepEqual(marksOf(batteryScale), [100, 75, 50, 25, 0]);
});

test("the signal's axis is widened if need be, with three to five lines", () => {
  assert.deepEqual(marksOf(signalScaleOf(-88, -60)), [-50, -70, -90, -110]);
  for (const [low, high] of [[-120, -60], [-160, -20], [-88, -31], [-113, -49]] as const) {
    const scale = signalScaleOf(low, high);
    const marks = marksOf(scale);
    assert(scale.low <= low && scale.high >= high, `${low} to ${high}`);
    assert(marks.length >= 3 && marks.length <= 5, `${low} to ${high}: ${marks.join()}`);
  }
});

test("without any signal the axis is the usual one", () => {
  assert.deepEqual(marksOf(signalScaleOf(Infinity, -Infinity)), [-50, -70, -90, -110]);
});
