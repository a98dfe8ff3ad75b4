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

test("the service is asked for at most a thousand parts, however young the device is", () => {
  for (const span of spans)
    for (let age = minute; age < 400 * day; age *= 1.1) {
      const { count, parts, bucket, from, to } = windowOf(span, now, 0, now - age);
      assert(Number.isInteger(count) && count * parts <= 1000, `${span} ${age}: ${count} of ${parts}`);
      assert.equal(to - from, count * bucket);
      assert(to > now && (from <= now - age || to - from === windowOf(span, now, 0).count * windowOf(span, now, 0).bucket));
    }
});

test("buckets are half an hour, three hours and a day", () => {
  assert.deepEqual(spans.map((span) => windowOf(span, now, 0).bucket), [30 * minute, 3 * hour, day]);
});

test("a young device's window begins with its first report, but is no shorter than five minutes", () => {
  const { from, bucket } = windowOf("30d", now, 0, now - 5 * hour);
  assert(from <= now - 5 * hour && from > now - 5.2 * hour);
  assert.equal(bucket, minute);
  assert(windowOf("30d", now, 0, now).from <= now - 5 * minute);
  assert.deepEqual(windowOf("7d", now, 0, now - 7 * day), windowOf("7d", now, 0));
});

test("only three spans have a name", () => {
  assert(isSpanName("1y"));
  assert(!isSpanName("2y"));
  assert(!isSpanName(null));
});

test("a table's lines are days of the viewer, and weeks from Monday on", () => {
  const monday = new Date(2026, 10, 23).getTime();
  const [month, year] = [windowOf("30d", now, 0), windowOf("1y", now, 0)];
  assert.equal(lineOf(year, monday), lineOf(year, monday + 7 * day - minute));
  assert(lineOf(year, monday - minute) < lineOf(year, monday));
  assert(lineOf(month, monday - minute) < lineOf(month, monday));
  assert.equal(lineOf(month, monday), lineOf(month, monday + day - minute));
});

test("the zone is that of the moment", () => {
  assert.equal(zoneOffsetAt(Date.parse("2026-07-01T00:00:00Z")), 2 * hour);
  assert.equal(zoneOffsetAt(Date.parse("2026-12-01T00:00:00Z")), hour);
});
