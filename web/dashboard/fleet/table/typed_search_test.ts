import assert from "node:assert/strict";
import { test } from "node:test";
import type { List } from "../filter.js";
import { typedSearch } from "./typed_search.js";

const list: List = { filter: { q: "hall", group: "gw07" }, sort: "device_id", order: "asc" };

// `run` runs what is due, and returns after how many ms each was.
function searchOf() {
  let tasks: [() => void, number][] = [];
  let times = 0;
  const search = typedSearch(() => ++times, (run, after) => {
    const task: [() => void, number] = [run, after];
    tasks.push(task);
    return () => (tasks = tasks.filter((one) => one !== task));
  });
  return {
    search,
    run(): number[] {
      const due = tasks;
      tasks = [];
      return due.map(([run, after]) => {
        run();
        return after;
      });
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
  assert.deepEqual(run(), [10]);
  assert.equal(times(), 1);
  search.type("");
  assert.deepEqual(run(), [0]);
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
  assert.deepEqual(run(), []);
});

test("what was typed is not searched for when the page is left", () => {
  const { search, run } = searchOf();
  search.type("kit");
  search.close();
  assert.deepEqual(run(), []);
});
