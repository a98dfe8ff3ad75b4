import assert from "node:assert/strict";
import { test } from "node:test";
import { day, hour, minute } from "../times.js";
import { isSpanName, lineOf, spans, windowOf, zoneOffsetAt } from "./window.js";

const now = Date.parse("2026-11-28T14:02:00Z");

test("the last bucket is the one of now", () => {
  const window = windowOf("30d", now, 0);
  assert.equal(new Date(window.to).toISOString(), "2026-11-28T15:00:00.000Z");
  assert.equal(window.to - window.from, 30 * day);
  assert.equal(window.count * window.bucket, 30 * day);
});

test("a moment at a bucket's edge is in the later bucket", () => {
  assert.equal(windowOf("7d", Date.parse("2026-11-28T14:00:00Z"), 0).to, Date.parse("2026-11-28T14:30:00Z"));
});

test("days begin at the viewer's midnight", () => {
  const window = windowOf("1y", now, 5.5 * hour);
  assert.equal(new Date(window.to).toISOString(), "2026-11-28T18:30:00.000Z");
});

test("the service is asked for at most a thousand parts", () => {
  for (const span of spans) {
    const { count, parts } = windowOf(span, now, 0);
    assert(count * parts <= 1000, span);
  }
});

test("only three spans have a name", () => {
  assert(isSpanName("1y"));
  assert(!isSpanName("2y"));
  assert(!isSpanName(null));
});

test("a table's lines are days of the viewer, and weeks from Monday on", () => {
  const monday = new Date(2026, 10, 23).getTime();
  assert.equal(lineOf("1y", monday), lineOf("1y", monday + 7 * day - minute));
  assert(lineOf("1y", monday - minute) < lineOf("1y", monday));
  assert(lineOf("30d", monday - minute) < lineOf("30d", monday));
  assert.equal(lineOf("30d", monday), lineOf("30d", monday + day - minute));
});

test("the zone is that of the moment", () => {
  assert.equal(zoneOffsetAt(Date.parse("2026-07-01T00:00:00Z")), 2 * hour);
  assert.equal(zoneOffsetAt(Date.parse("2026-12-01T00:00:00Z")), hour);
});
