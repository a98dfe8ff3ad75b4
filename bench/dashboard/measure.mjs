// Measures the dashboard in Chromium on a ubietyd of its own that takes reports meanwhile, and prints a table:
// node bench/dashboard/measure.mjs [--devices N] [--rate N] [--seconds N] [--million N] [--binary PATH]. It starts the
// service on a free port with the embedded store in a temporary folder, and ends it. bench/README.md says what the rows
// mean.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startBrowser } from "../../tests/dashboard/browser.mjs";
import { startService } from "../../tests/dashboard/service.mjs";
import { fill, idOf, sendReports, watchedDevice } from "./fleet.mjs";
import { heapOf, look, openFleet, openTab, reachLastRow, rowsAt, searchByKey, seen, transferOf, use } from "./page.mjs";
import { startTrace, stopTrace } from "./tasks.mjs";

const number = (fallback) => ({ type: "string", default: String(fallback) });
const { values } = parseArgs({ options: {
  devices: number(100_000), rate: number(1_000), seconds: number(30), million: number(1_000_000),
  binary: { type: "string", default: fileURLToPath(new URL("../../build/release/ubietyd", import.meta.url)) },
} });
const [devices, rate, seconds, million] = [values.devices, values.rate, values.seconds, values.million].map(Number);
process.env.UBIETYD = path.resolve(values.binary);
const longestRun = 180_000; // ms, of one of the two fleets

const rows = [];
const measured = (what, value, holds = "") => rows.push([what, value, holds]);
const ms = (value) => `${value.toFixed(0)} ms`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

async function withFleet(count, run) {
  const service = await startService({ GROUP_BY: "prefix:-" });
  const browser = await startBrowser();
  const limit = setTimeout(() => {
    console.error(`bench/dashboard: not done after ${longestRun / 1_000} s`);
    process.exitCode = 1;
    void browser.close(); // what waits for a page fails
  }, longestRun);
  let load = null;
  try {
    await fill(service, count);
    load = sendReports(service, count, rate);
    await run(service, browser);
    measured(`reports a second to ${count.toLocaleString("en")} devices meanwhile`, (await load.stop()).toFixed(0), String(rate));
  } finally {
    clearTimeout(limit);
    await load?.stop();
    await browser.close();
    await service.stop();
  }
}

// What the longest tasks did is no part of the table, as it is long.
function measureTasks(tasks) {
  for (const step of new Set(tasks.map((task) => task.step))) {
    const own = tasks.filter((task) => task.step === step).sort((a, b) => b.cpu - a.cpu);
    const [longest] = own;
    const byClock = Math.max(...own.map(({ wall }) => wall));
    const total = own.reduce((sum, { cpu }) => sum + cpu, 0);
    measured(`longest task: ${step}`, `${ms(longest.cpu)} CPU (of ${ms(total)} in all), ${ms(byClock)} by the clock`, "< 50 ms");
    for (const { cpu, wall, work } of own.slice(0, 3))
      console.error(`${step}: ${cpu.toFixed(1)} ms CPU, ${ms(wall)} by the clock: ${work}`);
  }
}

await withFleet(devices, async (service, browser) => {
  const { page, faults } = await openFleet(browser, "about:blank");
  await startTrace(browser, page);
  await page.goto(service.url);
  measured("rows of the first tab", ms(await rowsAt(page)), "< 1,000 ms");
  await look(page, seconds);
  const heap = [await heapOf(page)];
  await use(page, watchedDevice);
  heap.push(await heapOf(page));
  const tasks = await stopTrace(browser);
  const { longTasks } = await seen(page);
  measureTasks(tasks);
  measured("tasks that Chromium calls long", longTasks.length === 0 ? "none" : longTasks.map(ms).join(", "), "none");
  measured("heap", megabytes(Math.max(...heap)), "<= 150 MB");
  measured("both pages on the wire", `${((await transferOf(page)) / 1_000).toFixed(1)} kB`, "<= 80 kB");
  const tabs = [];
  for (let i = 0; i < 7; ++i) tabs.push(await openTab(page.context(), service.url));
  measured("rows of seven more tabs", tabs.map(ms).join(", "), "< 1,000 ms");
  measured("faults in the console", faults.length === 0 ? "none" : faults.join("; "));
});

await withFleet(million, async (service, browser) => {
  const { page } = await openFleet(browser, service.url);
  measured(`rows of ${million.toLocaleString("en")} devices`, ms(await rowsAt(page)), "< 1,000 ms");
  measured("last row", ms(await reachLastRow(page, million)));
  const searches = await searchByKey(page, idOf(million - 1).slice(2, 7));
  measured("search, from each key to its rows", searches.map(ms).join(", "), "<= 100 ms");
});

const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of [["what", "measured", "must hold"], widths.map((width) => "-".repeat(width)), ...rows])
  console.log(`| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`);
