// The page of the fleet in Debian's Chromium, on a made-up fleet of 100,000 devices: node --test fleet_page_test.mjs, with
// the folder of the built dashboard in DASHBOARD.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, trialFleet } from "./browser.mjs";

const trial = trialFleet();

const fleet = (path = "/", options = {}) => trial.open(path, options);
const table = (page) => page.locator('.devices [role="table"]');
const rowOf = (page, index) => page.locator(`.devices .body [aria-rowindex="${index + 2}"]:not([aria-busy])`);
const order = (page) => page.locator(".order");
const json = (route, value) => route.fulfill({ contentType: "application/json", body: JSON.stringify(value) });

// Waits for what a person would wait for, and compares.
const becomes = (page, expression, argument) => page.waitForFunction(expression, argument);

test("answers with a sentence, counts that are links, and rows of the whole fleet", async () => {
  const { page, faults, foreign, close } = await fleet();
  await rowOf(page, 0).waitFor();
  assert.equal(await page.locator("h1").innerText(), "98,455 of 100,000 devices heard in time");
  assert.equal(await page.title(), "98,455 of 100,000 heard in time · Ubiety");
  const counts = await page.locator(".counts a").evaluateAll((links) => links.map((link) => [link.innerText, new URL(link.href).search]));
  assert.deepEqual(counts.map(([text, query]) => [text.replace(/\s+/g, " "), query]), [
    ["1 outage", "?problem=outage"], ["341 silent", "?problem=silent"], ["37 batteries low", "?problem=battery_low"],
    ["112 falling fast", "?problem=battery_falling"], ["208 weak signal", "?problem=weak_signal"],
    ["19 flapping", "?problem=flapping"], ["6 wrong clocks", "?problem=clock"], ["43 muted", "?muted=true"]]);
  assert.equal(await table(page).getAttribute("aria-rowcount"), "100001");
  assert.match(await page.locator(".outage").first().innerText(), /gw07: 1,204 of 1,250 devices fell silent within 4.min, from 13:41 on/);
  const [drawn, inSight] = await page.evaluate(() => {
    const rows = [...document.querySelectorAll(".devices .body .row")];
    return [rows.length, rows.filter((row) => row.getBoundingClientRect().top < innerHeight).length];
  });
  assert.ok(drawn <= inSight + 10, `only rows in sight are drawn, and some below: ${drawn} for ${inSight}`);
  assert.deepEqual([faults, foreign], [[], []]);
  await close();
});

test("shows the list of a count, and back and reload restore what was there", async () => {
  const { page, close } = await fleet();
  await rowOf(page, 0).waitFor();
  await page.locator(".counts a", { hasText: "silent" }).click();
  await order(page).getByText("341 of").waitFor();
  assert.equal(new URL(page.url()).search, "?problem=silent");
  assert.equal(await page.locator(".chip").innerText(), "Silent");
  assert.ok(await page.locator(".tools").evaluate((tools) => tools.getBoundingClientRect().top < innerHeight / 2));

  await page.mouse.move(700, 600);
  await page.mouse.wheel(0, 4_000);
  await becomes(page, () => scrollY > 4_000 && history.state?.scroll === scrollY);
  const scrolled = await page.evaluate(() => scrollY);
  await page.reload();
  await becomes(page, (wanted) => Math.abs(scrollY - wanted) < 2, scrolled);
  await order(page).getByText("341 of").waitFor();

  await page.goBack();
  await order(page).getByText("100,000 devices").waitFor();
  await page.goForward();
  await order(page).getByText("341 of").waitFor();
  await becomes(page, (wanted) => Math.abs(scrollY - wanted) < 2, scrolled);
  await close();
});

test("searches, filters, sorts, and says when nothing matches", async () => {
  const { page, close } = await fleet("/?group=gw07");
  await rowOf(page, 0).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("kitchen");
  await order(page).getByText("84 of 100,000 devices").waitFor();
  assert.equal(new URL(page.url()).search, "?q=kitchen&group=gw07");
  await page.getByRole("button", { name: "Battery, %" }).click();
  await page.locator('.c-bat[aria-sort="ascending"]').waitFor();
  await page.getByRole("button", { name: "Battery, %" }).click();
  await page.locator('.c-bat[aria-sort="descending"]').waitFor();
  assert.equal(new URL(page.url()).search, "?q=kitchen&group=gw07&sort=battery_level&order=desc");

  await page.locator('input[name="q"]').fill("kitchne");
  await page.getByText("No device of group gw07 has “kitchne” in its id").waitFor();
  await page.getByRole("button", { name: "Search all groups" }).click();
  await page.getByText("No device has “kitchne” in its id").waitFor();
  await page.locator('input[name="q"]').press("Escape");
  await order(page).getByText("100,000 devices").waitFor();

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Battery below, %").fill("20");
  await page.getByRole("button", { name: "Show" }).click();
  await order(page).getByText("37 of 100,000 devices").waitFor();
  await page.getByRole("button", { name: "Remove filter: Battery below 20 %" }).click();
  await order(page).getByText("100,000 devices").waitFor();
  await close();
});

// What a slow machine does at any moment of the typing: the page is drawn, or another button is clicked.
test("keeps what is typed while the page is drawn, and searches the list that is shown by then", async () => {
  const { page, close } = await fleet("/?group=gw07");
  await rowOf(page, 0).waitFor();
  const typed = await page.evaluate(async () => {
    const input = document.querySelector('input[name="q"]');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    input.value = "kit";
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const section = document.querySelector(".devices");
    section.style.inlineSize = "90%"; // it is drawn for its new size
    for (let i = 0; i < 3; ++i) await frame();
    const kept = input.value;
    section.querySelector(".row.head button").click();
    return kept;
  });
  assert.equal(typed, "kit");
  await becomes(page, () => location.search === "?q=kit&group=gw07&sort=device_id&order=desc");
  assert.equal(await page.locator('input[name="q"]').inputValue(), "kit");
  await close();
});

test("is worked with the keyboard alone", async () => {
  const { page, close } = await fleet("/?problem=silent");
  await rowOf(page, 0).waitFor();
  const focused = () => page.evaluate(() => Number(document.activeElement.closest("[aria-rowindex]")?.getAttribute("aria-rowindex")) - 2);
  const focusIs = (index) => becomes(page,
    (row) => document.activeElement.closest(".devices [aria-rowindex]")?.getAttribute("aria-rowindex") === String(row), index + 2);
  await page.getByRole("button", { name: "Last heard" }).focus();
  await page.keyboard.press("Tab");
  assert.equal(await focused(), 0);
  await page.keyboard.press("ArrowDown");
  await focusIs(1);
  await page.keyboard.press("End");
  await focusIs(340);
  const [link, height] = await page.evaluate(() => [document.activeElement.getBoundingClientRect().bottom, innerHeight]);
  assert.ok(link <= height, "the row with the focus is in sight");
  await page.keyboard.press("ArrowUp");
  await focusIs(339);
  await page.keyboard.press("Home");
  await focusIs(0);
  assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().top > 80), "not below what sticks");
  // Tab leaves the table in one step: its other rows are no stops.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".devices .body")), null);
  await page.keyboard.press("Shift+Tab");
  await focusIs(0);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/device\//);
  assert.match(await page.evaluate(() => document.querySelector('link[rel="icon"]').href), /^http:\/\/[^/]+\/assets\//);
  await page.goBack();
  await order(page).getByText("341 of").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Search device ids").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await close();
});

test("shows each of a million rows", async () => {
  const rows = 1_000_000;
  const device = (index) => ({ device_id: `device-${index}`, battery_level: 50, online: true, rssi: -60, stale: false,
    last_heard: "2026-11-28T14:00:00Z", last_update: "2026-11-28T14:00:00Z" });
  const { page, close } = await fleet("/", { watch: (page) => page.route("**/status/summary?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    const offset = Number(query.get("offset"));
    const count = Math.min(Number(query.get("limit")), rows - offset);
    return json(route, { total_devices: rows, devices: Array.from({ length: count }, (_, i) => device(offset + i)) });
  }) });
  await rowOf(page, 0).waitFor();
  assert.equal(await table(page).getAttribute("aria-rowcount"), "1000001");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await rowOf(page, rows - 1).getByText("device-999999").waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
  await page.locator('.devices .body .row:not([aria-busy])').first().waitFor();
  // Rows move with the wheel, pixel by pixel, also where a pixel of the scroll bar is worth several of the rows.
  const middle = await page.evaluate(() => {
    const row = [...document.querySelectorAll(".devices .body .row")].find((one) => one.getBoundingClientRect().top > 450);
    return [row.getAttribute("aria-rowindex"), row.getBoundingClientRect().top];
  });
  const isMoved = ([row, top]) =>
    Math.abs(document.querySelector(`.devices [aria-rowindex="${row}"]`).getBoundingClientRect().top - (top - 100)) < 2;
  const scrolled = await page.evaluate(() => scrollY);
  await page.mouse.move(700, 600);
  await page.mouse.wheel(0, 100);
  await becomes(page, isMoved, middle);
  await becomes(page, (before) => scrollY > before + 5 && scrollY < before + 50, scrolled); // the scroll bar is set right
  await becomes(page, isMoved, middle);
  await close();
});

test("changes values in place, and keeps the order until it is asked", async () => {
  let battery = null;
  const { page, close } = await fleet("/?problem=silent&sort=battery_level", { watch: (page) => page.route("**/status/query", async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    if (battery !== null) body.devices[0] = { ...body.devices[0], battery_level: battery };
    if (battery !== null) body.devices[1] = { ...body.devices[1], problems: [], stale: false };
    return json(route, body);
  }) });
  await rowOf(page, 0).waitFor();
  const [first, second] = [await rowOf(page, 0).locator(".id").innerText(), await rowOf(page, 1).locator(".id").innerText()];
  battery = 99;
  await rowOf(page, 0).locator(".c-bat .changed", { hasText: "99" }).waitFor();
  assert.equal(await rowOf(page, 0).locator(".id").innerText(), first);
  await page.locator(".devices .row.gone").waitFor();
  assert.equal(await rowOf(page, 1).locator(".id").innerText(), second);
  await order(page).getByText("2 rows would move").waitFor();
  await page.getByRole("button", { name: "Sort again" }).click();
  await becomes(page, () => !document.querySelector(".order").innerText.includes("would move"));
  await close();
});

test("saves exactly its list as CSV", async () => {
  const { page, close } = await fleet("/?problem=battery_low&sort=battery_level");
  await rowOf(page, 0).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  let text = "";
  for await (const part of await download.createReadStream()) text += part;
  const lines = text.trimEnd().split("\r\n");
  assert.equal(lines.length, 38);
  assert.match(lines[0], /^device_id,group,battery_level,/);
  const levels = lines.slice(1).map((line) => Number(line.split(",")[2]));
  assert.deepEqual(levels, levels.toSorted?.((a, b) => a - b) ?? levels);
  await close();
});

test("asks for a key where the service needs one, and sends it in a header", async () => {
  const key = "ubiety_right";
  const asked = [];
  const { page, close } = await fleet("/", { watch: (page) => page.route(/\/(fleet|status)\//, (route) => {
    const given = route.request().headers().authorization;
    asked.push([route.request().url(), given]);
    if (given === `Bearer ${key}`) return route.continue();
    return route.fulfill({ status: 401, contentType: "application/json", body: '{"detail":"Not authenticated"}' });
  }) });
  await page.getByRole("heading", { name: "This fleet needs a key" }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.getByLabel("API key").fill("ubiety_wrong");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Open" }).click();
  await rowOf(page, 0).waitFor();
  assert.equal(await page.locator("h1").innerText(), "98,455 of 100,000 devices heard in time");
  await page.locator(".live:not(.off)").waitFor();
  assert.ok(asked.every(([url]) => !url.includes("ubiety_")));
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await page.reload();
  await rowOf(page, 0).waitFor();
  await close();
});

test("says what failed, and tries again", async () => {
  let isBroken = true;
  const { page, close } = await fleet("/", { watch: (page) => page.route("**/fleet/overview", (route) => isBroken
    ? route.fulfill({ status: 503, headers: { "X-Request-ID": "f3c1a2d0" }, contentType: "application/json", body: '{"detail":"The store is away"}' })
    : route.continue()) });
  await page.getByRole("heading", { name: "The service does not answer" }).waitFor();
  await page.getByText("It answered 503 to /fleet/overview: The store is away.").waitFor();
  await page.getByText("Request f3c1a2d0").waitFor();
  isBroken = false;
  await page.locator("h1", { hasText: "98,455" }).waitFor(); // by itself
  await close();
});

test("keeps its numbers while it reconnects, and says so", async () => {
  let isCut = false;
  const { page, close } = await fleet("/", { watch: (page) => page.route("**/fleet/stream?*", (route) => {
    if (isCut) return route.abort();
    isCut = true;
    return route.fulfill({ contentType: "text/event-stream", body: "retry: 1000\n\n" }); // and it ends
  }) });
  await page.locator(".live.off").waitFor();
  assert.equal(await page.locator(".notice").count(), 0, "a short break is not worth a notice");
  await page.locator(".notice", { hasText: "Reconnecting." }).waitFor();
  await page.locator("h1", { hasText: "98,455" }).waitFor();
  assert.deepEqual(await accessibilityFaults(page, ["moderate", "serious", "critical"]), []);
  await page.unroute("**/fleet/stream?*");
  await page.getByRole("button", { name: "Try now" }).click();
  await page.locator(".live:not(.off)").waitFor();
  await page.locator(".notice").waitFor({ state: "detached" });
  await close();
});

test("shows how to begin while there is no device, and turns into the fleet", async () => {
  let isEmpty = true;
  const { page, close } = await fleet("/", { watch: (page) => page.route("**/fleet/overview", async (route) => {
    if (!isEmpty) return route.continue();
    const overview = await (await route.fetch()).json();
    return json(route, { ...overview, devices: 0, silent: 0 });
  }) });
  await page.getByRole("heading", { name: "No device has reported yet" }).waitFor();
  assert.match(await page.locator("pre").innerText(), /^curl http:\/\/127\.0\.0\.1:\d+\/status -H/);
  assert.deepEqual(await accessibilityFaults(page), []);
  isEmpty = false;
  await page.locator("h1", { hasText: "98,455" }).waitFor();
  await close();
});

test("has one stream for all tabs, which another tab takes over", async () => {
  const { page, close } = await fleet();
  const profile = page.context();
  await page.locator(".live:not(.off)").waitFor();
  let streams = 0;
  profile.on("request", (request) => (streams += request.url().includes("/fleet/stream")));
  const tabs = [];
  for (let i = 0; i < 3; ++i) {
    const tab = await profile.newPage();
    await tab.goto(trial.url());
    await tab.locator(".live:not(.off)").waitFor();
    tabs.push(tab);
  }
  assert.equal(streams, 0);
  const taken = profile.waitForEvent("request", (request) => request.url().includes("/fleet/stream"));
  await page.close();
  await taken;
  for (const tab of tabs) await tab.locator(".live:not(.off)").waitFor();
  assert.equal(streams, 1);
  await close();
});

for (const colorScheme of ["light", "dark"])
  test(`has no serious finding of axe, ${colorScheme}`, async () => {
    const { page, close } = await fleet("/?battery_below=60", { colorScheme });
    await rowOf(page, 0).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    assert.deepEqual(await accessibilityFaults(page), []);
    await close();
  });

test("fits every window from a small phone to a wall", async () => {
  const { page, close } = await fleet("/?battery_below=60&rssi_below=-70&sort=battery_level");
  await rowOf(page, 0).waitFor();
  for (const width of [320, 360, 390, 600, 768, 1024, 1280, 1440, 2200, 2560, 3840]) {
    await page.setViewportSize({ width, height: 900 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${width} px`);
  }
  await close();
});

test("remembers the chosen theme, and follows the system's otherwise", async () => {
  const { page, close } = await fleet("/", { colorScheme: "light" });
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await page.getByRole("button", { name: "Light or dark" }).click();
  assert.equal(await scheme(), "dark");
  await page.reload();
  assert.equal(await scheme(), "dark");
  await page.getByRole("button", { name: "Light or dark" }).click();
  assert.equal(await scheme(), "light dark");
  await close();
});
