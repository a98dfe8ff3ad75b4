import assert from "node:assert/strict";
import { test } from "node:test";
import { minute, second } from "../times.js";
import { clockErrorOf, noted, type Note } from "./notes.js";
import { latestFirst, merged, reportOfLine, type Report } from "./report.js";

const report = (received: number, part: Partial<Report> = {}): Report =>
  ({ own: received - 2 * second, received, battery: 50, rssi: -70, online: true, ...part });

const kinds = (reports: Report[], clockError = -2 * second): Note["kind"][][] =>
  noted(latestFirst(reports), clockError).map(({ notes }) => notes.map(({ kind }) => kind));

test("usual reports have no note", () => {
  assert.deepEqual(kinds([report(0), report(10 * minute), report(20 * minute)]), [[], [], []]);
});

test("a report that came behind newer ones is late, by how much", () => {
  const late = report(20 * minute, { own: -2 * second });
  const [, first] = noted(latestFirst([report(20 * minute), late]), -2 * second);
  assert.deepEqual(first?.notes, [{ kind: "late", by: 20 * minute }]);
});

test("a device whose clock is slow is not late", () => {
  const slow = [0, 10, 20].map((at) => report(at * minute, { own: (at - 7) * minute }));
  assert.deepEqual(kinds(slow, -7 * minute), [[], [], []]);
});

test("a time in the future is ahead", () => {
  assert.deepEqual(kinds([report(0, { own: 8 * minute })]), [["ahead"]]);
});

test("the first report that says offline is noted, and the first that says online again", () => {
  const reports = [true, false, false, true].map((online, index) => report(index * minute, { online }));
  assert.deepEqual(kinds(reports), [["online"], [], ["offline"], []]);
});

test("what was offline before is told by the device's own time, not by the order of receipt", () => {
  const offline = report(9 * minute, { own: minute, online: false });
  assert.deepEqual(kinds([report(0), report(8 * minute), offline]), [["late", "offline"], ["online"], []]);
});

test("two reports of one time were sent twice", () => {
  assert.deepEqual(kinds([report(minute), report(minute, { battery: 51 })]).flat(), ["twice"]);
});

test("a report stands after the one received before it", () => {
  const after = noted(latestFirst([report(0), report(minute), report(minute, { own: 0 })]), 0).map((row) => row.after);
  assert.deepEqual(after, [0, minute, null]);
});

test("late reports do not say that the clock is slow, nor one freak that it is fast", () => {
  assert.equal(clockErrorOf([]), null);
  assert.equal(clockErrorOf([report(0)]), -2 * second);
  const late = [1, 2, 3].map((hours) => report(minute, { own: -60 * hours * minute }));
  assert.equal(clockErrorOf([...late, report(0), report(minute), report(2 * minute, { own: 60 * minute })]), -2 * second);
});

test("a line of the history is a report", () => {
  assert.deepEqual(reportOfLine(`{"device_id":"d","timestamp":"1970-01-01T00:01:00.5Z","battery_level":75,"rssi":-61,
"online":true,"created_at":"1970-01-01T01:02:00.137797+01:00"}`),
    { own: 60_500, received: 120_137, battery: 75, rssi: -61, online: true });
});

test("merging keeps each report once, also two of one time", () => {
  const known = latestFirst([report(0), report(minute)]);
  const page = [report(2 * minute), report(minute, { battery: 49 }), report(minute)];
  const all = merged(known, page);
  assert.deepEqual(all.map(({ received, battery }) => [received / minute, battery]), [[2, 50], [1, 49], [1, 50], [0, 50]]);
  assert.equal(merged(all, page).length, 4);
  assert.equal(merged(all, []).length, 4);
});
