import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMetrics, storeWords } from "./store_words.js";

const words = (text: string): string => storeWords(parseMetrics(text)).replaceAll("\u00a0", " ");
const build = '# TYPE ubiety_build_info gauge\nubiety_build_info{version="1.0.0",compiler="12.2 (a b)",store="postgresql"} 1\n';

test("the store is named, and what waits for it", () => {
  assert.equal(words(`${build}ubiety_store_connected 1\nubiety_updates_in_flight 7\nubiety_queue_age_seconds 0.2\n`),
    "PostgreSQL, nothing waiting");
  assert.equal(words(`${build}ubiety_store_connected 1\nubiety_updates_in_flight 7\nubiety_queue_age_seconds 1.5\n`),
    "PostgreSQL, 7 reports waiting");
  assert.equal(words(`${build}ubiety_store_connected 0\nubiety_spool_waiting_updates 12345\n`),
    "PostgreSQL is away, 12,345 reports in the spool");
  assert.equal(words('ubiety_build_info{store="sqlite"} 1\nubiety_standby 1\n'), "SQLite, standing by");
  assert.equal(words(""), "Store, nothing waiting");
});
