// The dashboard in Chromium as somebody uses it: when its rows are there, what it weighs, and what is done with it.
import { openPage } from "../../tests/dashboard/browser.mjs";
import { beginStep } from "./tasks.mjs";

const firstRow = ".devices .body .row:not([aria-busy]) a.id";

// Runs in the page before its own scripts. window.seen has when the first row was drawn, in ms since the page was asked for,
// the tasks that the browser itself calls long, and how long each search took from the key to its rows.
function watchPage() {
  performance.mark("step load");
  const seen = { rows: null, longTasks: [], searches: [] };
  window.seen = seen;
  new PerformanceObserver((list) => seen.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask" });
  let search = null;
  addEventListener("input", ({ target, timeStamp }) => (search = { text: target.value, at: timeStamp }), { capture: true });
  // While a list is read, the line above it has no number yet.
  const drawn = (then) => setTimeout(() => then(performance.now())); // behind the frame that draws them
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll(".devices .body .row:not([aria-busy]) a.id")];
    if (rows.length === 0) return;
    if (seen.rows === null) drawn((now) => (seen.rows ??= now));
    if (search === null || document.querySelector(".order b") === null || !location.search.includes(search.text)) return;
    if (!rows.every(({ title }) => title.includes(search.text))) return;
    const { at } = search;
    search = null;
    drawn((now) => seen.searches.push(now - at));
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["title", "aria-busy"] });
}

export const seen = (page) => page.evaluate(() => window.seen);

export const openFleet = (browser, url) => openPage(browser, url, { watch: (page) => page.addInitScript(watchPage) });

export async function rowsAt(page) {
  await page.waitForFunction(() => window.seen?.rows);
  return (await seen(page)).rows;
}

// ms until one more tab has its rows
export async function openTab(profile, url) {
  const tab = await profile.newPage();
  await tab.addInitScript(watchPage);
  await tab.goto(url);
  return rowsAt(tab);
}

// Bytes of JavaScript's heap, garbage included.
export async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

// Bytes on the wire: the document, and the scripts, styles and pictures of all pages that were shown.
export const transferOf = (page) => page.evaluate(() => {
  const files = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(({ name, entryType }) => entryType === "navigation" || name.includes("/assets/"));
  // By name, for the icon is read again and again, from the cache.
  const sizes = new Map(files.map(({ name, encodedBodySize }) => [name, encodedBodySize]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
});

// Looks on for so many seconds, half of them with the pointer in a list, where news have to wait.
export async function look(page, seconds) {
  await beginStep(page, "look on");
  await page.waitForTimeout(seconds * 500);
  await page.locator(".feed").hover();
  await page.waitForTimeout(seconds * 500);
  await page.mouse.move(0, 0);
}

async function search(page, text, pause) {
  await page.keyboard.press("/");
  await page.keyboard.type(text, { delay: pause });
  await page.waitForFunction((typed) => location.search.includes(typed)
    && document.querySelector(".devices .body a.id")?.title.includes(typed), text);
}

export async function use(page, deviceId) {
  await beginStep(page, "scroll");
  await page.mouse.move(700, 600);
  for (let i = 0; i < 40; ++i) {
    await page.mouse.wheel(0, 200 + i * 40);
    await page.waitForTimeout(50);
  }
  await beginStep(page, "jump");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
  await page.waitForFunction((row) => document.querySelector(row)?.closest("[data-index]").dataset.index > 1_000, firstRow);
  await beginStep(page, "sort");
  await page.getByRole("button", { name: "Battery, %" }).click();
  await page.locator('.c-bat[aria-sort="ascending"]').waitFor();
  await page.locator(".order b").waitFor();
  await beginStep(page, "search");
  await search(page, deviceId, 80);
  await beginStep(page, "device");
  await page.locator(firstRow).first().click();
  await page.locator(".plots canvas").first().waitFor();
  await page.locator(".reports .c-at").first().waitFor();
  await page.waitForTimeout(3_000); // live
  await beginStep(page, "back");
  await page.goBack();
  await page.locator(firstRow).first().waitFor();
}

// Searches key by key. Returns how long each took, in ms.
export async function searchByKey(page, text) {
  await search(page, text, 500);
  return (await seen(page)).searches;
}

// ms until the last row is there, when the scroll bar is dragged to its end
export async function reachLastRow(page, rows) {
  const begin = Date.now();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.locator(`.devices .body [aria-rowindex="${rows + 1}"]:not([aria-busy])`).waitFor();
  return Date.now() - begin;
}
