import assert from "node:assert/strict";
import { test } from "node:test";
import { hour } from "../times.js";
import { downtimesOf, listenedIn } from "./downtimes.js";

test("the answer's times are read", () => {
  assert.deepEqual(downtimesOf({ downtimes: [{ from: "1970-01-01T02:00:00Z", to: "1970-01-01T14:00:00Z" }] }),
    [{ from: 2 * hour, to: 14 * hour }]);
});

test("downtimes are taken off, as far as they lie in the span", () => {
  const span = { from: 10 * hour, to: 20 * hour };
  assert.equal(listenedIn(span, []), 10 * hour);
  assert.equal(listenedIn(span, [{ from: 12 * hour, to: 13 * hour }, { from: 15 * hour, to: 17 * hour }]), 7 * hour);
  assert.equal(listenedIn(span, [{ from: 8 * hour, to: 11 * hour }, { from: 19 * hour, to: 23 * hour }]), 8 * hour);
  assert.equal(listenedIn(span, [{ from: 9 * hour, to: 21 * hour }]), 0);
  assert.equal(listenedIn(span, [{ from: 2 * hour, to: 10 * hour }, { from: 20 * hour, to: 21 * hour }]), 10 * hour);
});
