// The page of a device in Debian's Chromium, on a made-up fleet: node --test device_page_test.mjs, with the folder of the
// built dashboard in DASHBOARD.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessibilityFaults, trialFleet } from "./browser.mjs";

const moment = Date.parse("2026-11-28T14:02:09Z"); // the trial's
const sensor = "/device/sensor-abc-123";

const trial = trialFleet();

// The page's clock stands still, unless `runs`. `watch`: what is done with the page before it is opened.
const device = (path = sensor, { watch = () => {}, runs = false, ...options } = {}) =>
  trial.open(path, { ...options, watch: async (page) => {
    if (runs) await page.clock.install({ time: moment });
    else await page.clock.setFixedTime(moment);
    await watch(page);
  } });
const plain = (text) => text.replace(/\s+/g, " ").trim();
const textOf = async (page, selector) => plain(await page.locator(selector).first().innerText());
const charts = (page) => page.locator(".plots .canvas canvas").first().waitFor();
// Until its parts are all there.
const whole = (page) => Promise.all([charts(page), page.locator(".facts b").waitFor(), page.locator(".reports .c-at").first().waitFor(),
  page.locator(".rhythm rect").first().waitFor()]);
const answer = (status, body, headers = {}) => (route) =>
  route.fulfill({ status, headers, contentType: "application/json", body: JSON.stringify(body) });
const failing = (pattern, handler) => ({ watch: (page) => page.route(pattern, handler) });

test("says what is wrong, what is known, and how the device fared", async () => {
  const { page, faults, foreign, close } = await device();
  await whole(page);
  assert.equal(await page.title(), "sensor-abc-123 · Ubiety");
  assert.equal(await textOf(page, ".sentence"), "Silent for 3 h 12 min. Usually every 20 min, last heard 10:50, was due 11:30. " +
    "Its battery was at 3 % and it said offline before it went quiet.");
  assert.match(await textOf(page, ".facts"), /^Group sensor First heard 3 Mar 2026 37,\d{3} reports$/);
  const readings = await page.locator(".readings > div").allInnerTexts();
  assert.deepEqual(readings.map((text) => plain(text)), [
    "Last heard 10:50:09 3 h 12 min ago was due by 11:30, usually every 20 min", "Battery 3 % low since 27 Nov, 3 points a day",
    "Signal −88 dBm 14 below its usual −74", "Reported Offline since 10:40, as it reported", "Clock 2 s late by its latest reports"]);
  assert.equal(await page.locator(".changed").count(), 0);
  assert.match(await textOf(page, ".rhythm p"), /The second longest gap .* was 20 min, so .* twice that, 40 min/);
  assert.deepEqual([faults, foreign], [[], []]);
  await close();
});

test("names the key with which the device reports, where groups are by key", async () => {
  const byKey = async (route) => answer(200, { ...await (await route.fetch()).json(), group_by: "key" })(route);
  const { page, close } = await device(sensor, failing("**/fleet/overview", byKey));
  await page.locator(".facts", { hasText: "Reports with key sensor" }).waitFor();
  await close();
});

test("shades silences, and never draws a line across one", async () => {
  const { page, close } = await device();
  await whole(page);
  const texts = await page.locator(".plots .tall .say-crit").allTextContents();
  assert.deepEqual(texts.map(plain), ["silent 1 d 12 h", "silent now"]);
  const [gap] = await page.locator(".plots .tall rect.gap").evaluateAll((rects) => rects.map((rect) => rect.getBoundingClientRect().toJSON()));
  const inked = await page.locator(".pane.tall canvas").evaluate((canvas, { x, width }) => {
    const scale = canvas.width / canvas.clientWidth;
    const left = (x - canvas.getBoundingClientRect().x + 1) * scale;
    const { data } = canvas.getContext("2d").getImageData(left, 0, (width - 2) * scale, canvas.height);
    return data.some((value) => value !== 0);
  }, gap);
  assert.equal(inked, false);
  await close();
});

test("hatches when the service was down, and blames no device for that", async () => {
  const { page, close } = await device();
  await whole(page);
  await page.locator(".plots .tall .say", { hasText: "service down" }).waitFor();
  assert.deepEqual((await page.locator(".plots .tall .say").allTextContents()).map(plain), ["service down 12 h"]);
  assert.equal(await page.locator('.plots rect[fill="url(#hatch)"]').count(), 3);
  assert.deepEqual((await page.locator(".key > span").allInnerTexts()).map(plain), ["device silent", "service down", "online", "offline"]);
  const box = await page.locator('.tall rect[fill="url(#hatch)"]').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 40);
  await page.waitForFunction(() => document.querySelector(".plots .label").innerText.includes("down"));
  assert.match(await textOf(page, ".plots .label"), /6 Nov 02:00: service down 12 h, no device is blamed$/);
  assert.equal(await page.locator(".plots .tall rect.gap").count(), 2);
  await close();
});

test("blames no device before it is known when the service was down, and does not wait for that if it cannot be known", async () => {
  let release = () => {};
  const released = new Promise((done) => (release = done));
  const late = await device(sensor, failing("**/fleet/downtimes", (route) => released.then(() => route.continue())));
  await late.page.locator(".facts b").waitFor();
  await late.page.locator(".reports .c-at").first().waitFor();
  assert.equal(await late.page.locator(".plots canvas").count(), 0);
  release();
  await late.page.locator(".plots .tall .say", { hasText: "service down" }).waitFor();
  await late.close();
  const unknown = await device(sensor, failing("**/fleet/downtimes", answer(503, { detail: "The store is away" })));
  await charts(unknown.page);
  await unknown.close();
});

test("one crosshair goes through all charts, by the mouse and by the keys", async () => {
  const { page, close } = await device();
  await charts(page);
  const places = () => page.locator(".u-cursor-x").evaluateAll((lines) => lines.map((line) => line.style.transform));
  await page.locator(".pane.mid").hover({ position: { x: 300, y: 40 } });
  await page.waitForFunction(() => /Nov \d\d:00 to \d\d:00: .*%/.test(document.querySelector(".plots .label").innerText));
  assert.equal(new Set(await places()).size, 1);
  await page.mouse.move(5, 5);
  await page.locator(".plots").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  const spoken = plain(await page.locator(".plots [role=status]").textContent());
  assert.match(spoken, /^28 Nov 0?\d+:00 to \d\d:00: [\d.]+ %, \d to \d+; −8\d.* dBm.*; online/);
  assert.equal(new Set(await places()).size, 1);
  await close();
});

test("a span and a table are in the address, so back finds the charts", async () => {
  const { page, close } = await device();
  await charts(page);
  await page.locator(".segments a", { hasText: "7" }).click();
  await page.locator(".segments a[aria-current]", { hasText: "7" }).waitFor();
  await page.getByText("As a table").first().click();
  assert.equal(new URL(page.url()).search, "?span=7d&history=table");
  const heads = await page.locator(".plain-table th").allInnerTexts();
  assert.deepEqual(heads, ["Time", "Battery, %", "lowest to highest", "Signal, dBm", "lowest to highest", "Online, %", "Reports"]);
  assert.match(await textOf(page, ".plain-table tbody tr"), /^28 Nov 06:00 to 12:00 \d \d to \d −8\d −9\d to −8\d \d+ \d+$/);
  await page.goBack();
  await charts(page);
  await page.goBack();
  await page.locator(".segments a[aria-current]", { hasText: "30" }).waitFor();
  await close();
});

test("CSV has what is on the screen", async () => {
  const { page, close } = await device(`${sensor}?history=table`);
  await page.locator(".plain-table").waitFor();
  const rows = await page.locator(".plain-table tbody tr").count();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("CSV").first().click()]);
  assert.equal(download.suggestedFilename(), "sensor-abc-123-30d.csv");
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  assert.equal(lines.length, rows + 1);
  assert.match(lines[0], /^from,to,reports,battery_mean/);
  await close();
});

test("reports have notes, and all of them come page by page", async () => {
  const { page, close } = await device();
  const rows = page.locator(".reports .body .row", { has: page.locator(".c-note") }); // not those that stand in for them
  await rows.nth(8).waitFor();
  assert.equal(await rows.count(), 9);
  const notes = (await page.locator(".reports .c-note").allInnerTexts()).filter(Boolean).map(plain);
  assert.deepEqual(notes, ["offline from here on", "late by 27 min"]);
  await page.locator(".reports").getByText(/^All /).click();
  await rows.nth(49).waitFor();
  assert.equal(await textOf(page, ".pager span"), "Page 1 of 757");
  const newest = await rows.first().innerText();
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByText("Page 2 of").waitFor();
  await page.waitForFunction((text) => document.querySelector(".reports .body .row .c-at")?.closest(".row").innerText !== text, newest);
  assert.equal(await page.getByRole("button", { name: "Newer" }).isEnabled(), true);
  await close();
});

test("a mute has an end, and can be ended", async () => {
  const { page, close } = await device("/device/attic-motion-17");
  await page.getByRole("button", { name: "Mute until…" }).click();
  await page.getByRole("button", { name: "Tomorrow 08:00" }).click();
  await page.getByRole("button", { name: "Mute until Tomorrow 08:00" }).click();
  await page.getByText("Muted until 29 Nov 08:00.").waitFor();
  await page.getByRole("button", { name: "End the mute" }).click();
  await page.getByRole("button", { name: "Mute until…" }).waitFor();
  await close();
});

test("removal asks first, with the focus on Cancel; then the page says when it was", async () => {
  const { page, close } = await device("/device/gw01-hall-01");
  const focusIs = (text) => page.waitForFunction((wanted) => document.activeElement.textContent === wanted, text);
  await Promise.all([charts(page), page.locator(".reports .c-at").first().waitFor()]); // nothing moves any more
  await page.getByRole("button", { name: "Remove…" }).click();
  await focusIs("Cancel");
  await page.keyboard.press("Escape");
  await focusIs("Remove…");
  await page.keyboard.press("Enter");
  await focusIs("Cancel");
  // The browser reports later that a dialog was closed: that one must not take the next with it.
  await page.evaluate(() => new Promise((closed) => {
    const dialog = document.querySelector("dialog");
    dialog.addEventListener("close", () => requestAnimationFrame(closed));
    dialog.close();
    document.querySelector(".remove .button").click();
  }));
  await focusIs("Cancel");
  await page.keyboard.press("Tab");
  await focusIs("Remove");
  await page.keyboard.press("Enter");
  await page.getByText("This device was removed at 14:02.").waitFor();
  await page.getByRole("button", { name: "Remove…" }).waitFor({ state: "detached" });
  assert.equal(await page.locator(".readings").count(), 1);
  assert.deepEqual(await accessibilityFaults(page), []);
  await close();
});

test("a key that may only read leaves the actions dashed, with the reason", async () => {
  const refuse = (route) => (route.request().method() === "GET" ? route.continue() : answer(403, { detail: "needs admin" })(route));
  const { page, close } = await device(sensor, failing("**/status/sensor-abc-123", refuse));
  await page.getByRole("button", { name: "Remove…" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("Your key may read only; this needs the scope admin.").first().waitFor();
  await page.keyboard.press("Escape");
  for (const name of ["Mute until…", "Remove…"]) {
    const button = page.getByRole("button", { name });
    assert.equal(await button.isDisabled(), true);
    assert.equal(await page.locator(`#${await button.getAttribute("aria-describedby")}`).count(), 1);
  }
  assert.deepEqual(await accessibilityFaults(page), []);
  await close();
});

test("an unknown device, a service that is away and a missing key are said", async () => {
  const nobody = await device("/device/nobody");
  await nobody.page.getByRole("heading", { name: "No device has this id" }).waitFor();
  await nobody.close();
  const away = await device(sensor, failing("**/status/**", answer(503, { detail: "The store is away" }, { "X-Request-ID": "f3c1" })));
  await away.page.getByRole("heading", { name: "The service does not answer" }).waitFor();
  assert.match(await textOf(away.page, ".blank"), /It answered 503 to \/status\/query: The store is away\. .*Request f3c1/);
  await away.page.unroute("**/status/**");
  await away.page.getByRole("button", { name: "Try now" }).click();
  await away.page.getByText("Silent for 3 h 12 min.").waitFor();
  await away.close();
  const locked = await device(sensor, failing("**/status/**", answer(401, { detail: "Not authenticated" })));
  await locked.page.getByRole("heading", { name: "This fleet needs a key" }).waitFor();
  await locked.close();
});

test("a part that cannot be loaded is tried again, and said", async () => {
  let refused = true;
  const history = (route) => (refused ? answer(503, { detail: "Too many readers" }, { "Retry-After": "8" })(route) : route.continue());
  const { page, close } = await device(sensor, { ...failing("**/history?*", history), runs: true });
  await page.getByText(/^The service answered 503 to \/status\/sensor-abc-123\/history: Too many readers\./).waitFor();
  assert.equal(await page.locator(".readings").count(), 1);
  refused = false;
  await page.clock.fastForward(9_000);
  await charts(page);
  await page.getByText("The service answered 503").waitFor({ state: "detached" });
  await close();
});

test("what changes is shown at once, with a highlight", async () => {
  let level = 50;
  const status = async (route) => {
    const { devices: [body] } = await (await route.fetch()).json();
    await answer(200, { devices: [{ ...body, battery_level: level, last_heard: new Date(moment + level).toISOString() }] })(route);
  };
  const { page, close } = await device("/device/attic-motion-17", { ...failing("**/status/query", status), runs: true });
  await page.locator(".readings dd", { hasText: "50" }).waitFor();
  level = 49;
  await page.clock.fastForward(16_000);
  await page.locator(".readings .changed", { hasText: "49" }).waitFor();
  await page.clock.fastForward(3_000);
  await page.locator(".readings .changed").waitFor({ state: "detached" });
  await close();
});

for (const [width, colorScheme] of [[320, "light"], [390, "dark"], [768, "light"], [1440, "dark"], [3840, "light"]])
  test(`fits ${width} px, ${colorScheme}, without a serious finding of axe`, async () => {
    const { page, close } = await device(sensor, { viewport: { width, height: 900 }, colorScheme });
    await charts(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.deepEqual(await accessibilityFaults(page), []);
    await close();
  });
