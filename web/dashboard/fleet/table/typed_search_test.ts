import assert from "node:assert/strict";
import { test } from "node:test";
import type { List } from "../filter.js";
import { typedSearch } from "./typed_search.js";

const list: List = { filter: { q: "hall", group: "gw07" }, sort: "device_id", order: "asc" };

// `run` runs what is due, and returns after how many ms that was.
function searchOf() {
  let task: [() => void, number] | null = null;
  let times = 0;
  const search = typedSearch(() => ++times, (run, after) => {
    task = [run, after];
    return () => (task = null);
  });
  return {
    search,
    run(): number | null {
      const due = task as [() => void, number] | null;
      due?.[0]();
      return due?.[1] ?? null;
    },
    times: () => times,
  };
}

test("the input shows what is typed, not the search of the list", () => {
  const { search } = searchOf();
  assert.equal(search.text(list), "hall");
  search.type("kit");
  assert.equal(search.text(list), "kit");
  search.type("");
  assert.equal(search.text(list), "");
});

test("a search begins when the typing rests, and at once when the input is emptied", () => {
  const { search, run, times } = searchOf();
  search.type("k");
  search.type("ki");
  assert.equal(run(), 200);
  assert.equal(times(), 1);
  search.type("");
  assert.equal(run(), 0);
});

test("what is typed is added to the list that is shown by then", () => {
  const { search } = searchOf();
  search.type("kit");
  const sorted: List = { ...list, sort: "rssi" };
  assert.deepEqual(search.into(sorted), { ...sorted, filter: { q: "kit", group: "gw07" } });
  search.type("");
  assert.deepEqual(search.into(sorted), { ...sorted, filter: { group: "gw07" } });
});

test("another list forgets what was typed", () => {
  const { search, run } = searchOf();
  search.type("kit");
  search.forget();
  assert.equal(search.text(list), "hall");
  assert.equal(search.into(list), list);
  assert.equal(run(), null);
});

test("what was typed is not searched for when the page is left", () => {
  const { search, run } = searchOf();
  search.type("kit");
  search.close();
  assert.equal(run(), null);
});
