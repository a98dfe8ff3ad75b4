import assert from "node:assert/strict";
import { test } from "node:test";
import { muteEndsAt } from "./mute_ends.js";

const texts = (now: Date): string[] => muteEndsAt(now).map(({ text }) => text.replaceAll("\u00a0", " "));

test("a mute ends in an hour, tomorrow, on Monday or in a week", () => {
  const ends = muteEndsAt(new Date(2026, 10, 27, 14, 2, 30)); // a Friday
  assert.deepEqual(ends.map(({ at }) => at.getTime()), [new Date(2026, 10, 27, 15, 2), new Date(2026, 10, 28, 8),
    new Date(2026, 10, 30, 8), new Date(2026, 11, 4, 14, 2, 30)].map((date) => date.getTime()));
  assert.deepEqual(texts(new Date(2026, 10, 27, 14, 2)), ["15:02", "Tomorrow 08:00", "Mon 08:00", "In 7 d"]);
});

test("on a Sunday, Monday is tomorrow", () => {
  assert.deepEqual(texts(new Date(2026, 10, 29, 14, 2)), ["15:02", "Tomorrow 08:00", "In 7 d"]);
});

test("on a Monday, it is the next one", () => {
  assert.equal(muteEndsAt(new Date(2026, 10, 30, 9))[2]?.at.getTime(), new Date(2026, 11, 7, 8).getTime());
});

test("all ends are in the future, also when the clocks change", () => {
  for (let hour = 0; hour < 24 * 8; ++hour) {
    const now = new Date(2026, 9, 22, hour, 30);
    for (const { at, text } of muteEndsAt(now)) assert(at.getTime() > now.getTime(), `${String(now)}: ${text}`);
  }
});
