import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "./csv.js";

test("lines end as RFC 4180 wants, and missing is empty", () => {
  assert.equal(csvOf(["a", "b"], [[1, null], [true, "x"]]), "a,b\r\n1,\r\ntrue,x\r\n");
});

test("what would break a line is quoted", () => {
  assert.equal(csvOf(["a"], [['say "hi", then\nleave']]), 'a\r\n"say ""hi"", then\nleave"\r\n');
});

test("an id does not become a formula", () => {
  assert.equal(csvOf(["a"], [["=1+1"], [-71], [undefined]]), "a\r\n'=1+1\r\n-71\r\n\r\n");
});
