// Takes pictures of the dashboard with the made-up fleet: node screenshots.mjs DASHBOARD FOLDER [NAME…], where DASHBOARD is
// where build.mjs wrote to. Sizes and names are those of the design's own pictures, so that both can be laid side by side.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { moment } from "./fleet.mjs";

const [dashboard, folder, ...wanted] = process.argv.slice(2);
const list = "/?battery_below=60&rssi_below=-70&sort=battery_level";
const sizes = { 390: [390, 844], 1000: [1000, 700], 1280: [1280, 800], 1440: [1440, 900], 2560: [2560, 1440] };

// What stands in the way of a state that cannot be asked for.
const answer = (status, body, headers = {}) => (route) =>
  route.fulfill({ status, headers, contentType: "application/json", body: JSON.stringify(body) });
const changedOverview = (change) => async (route) => {
  const overview = await (await route.fetch()).json();
  return answer(200, { ...overview, ...change(overview) })(route);
};
const calm = (overview) => ({ silent: 0, muted: 0, outages: [], devices_with_problems: 0,
  problems: Object.fromEntries(Object.keys(overview.problems).map((kind) => [kind, 0])) });

// A device's page is whole when all of its parts are there.
const whole = [".facts b", '.plots rect[fill^="url"]', ".plots canvas", ".reports .c-at", ".rhythm p"];

const pages = {
  fleet: { at: list, ready: ".devices .row[aria-rowindex='2'] .id" },
  list: { at: list, ready: ".devices .row[aria-rowindex='2'] .id", act: (page) => page.evaluate(() => document.querySelector(".devices").scrollIntoView()) },
  events: { at: "/?view=events", ready: ".feed li" },
  filter: { at: list, ready: ".devices .row[aria-rowindex='2'] .id", act: (page) => page.getByRole("button", { name: "Filter", exact: true }).click() },
  more: { at: list, ready: ".devices .row[aria-rowindex='2'] .id", act: (page) => page.locator(".end .bare").click() },
  "no-match": { at: "/?group=gw07&q=kitchne", ready: ".blank", act: (page) => page.locator(".tools").scrollIntoViewIfNeeded() },
  calm: { at: "/", ready: ".devices .row[aria-rowindex='2'] .id", routes: { "**/fleet/overview": changedOverview(calm), "**/fleet/attention?*": answer(200, { devices: [], total: 0 }) } },
  empty: { at: "/", ready: ".blank", routes: { "**/fleet/overview": changedOverview(() => ({ devices: 0 })) } },
  loading: { at: "/", ready: ".strip .ghost", routes: { "**/fleet/overview": () => {} } },
  error: { at: "/", ready: ".blank", routes: { "**/fleet/overview": answer(503, { detail: "The store is away and the spool is full" }, { "X-Request-ID": "f3c1a2d0-5b7e" }) } },
  key: { at: "/", ready: ".blank", routes: { "**/fleet/*": answer(401, { detail: "Not authenticated" }), "**/status/*": answer(401, {}) } },
  device: { at: "/device/sensor-abc-123", ready: whole, full: true },
  "device-tables": { at: "/device/sensor-abc-123?history=table&rhythm=table", ready: [".facts b", ".plain-table.history", ".reports .c-at"],
    full: true },
  "device-unknown": { at: "/device/nobody", ready: ".blank" },
  "device-loading": { at: "/device/sensor-abc-123", ready: ".readings .ghost", routes: { "**/status/query": () => {} }, runs: true },
  mute: { at: "/device/sensor-abc-123", ready: whole, act: (page) => page.getByRole("button", { name: "Mute until…" }).click() },
  remove: { at: "/device/sensor-abc-123", ready: whole, act: (page) => page.getByRole("button", { name: "Remove…" }).click() },
  "remove-many": { at: "/?prefix=hall3-", ready: ".devices .row[aria-rowindex='2'] .id", async act(page) {
    await page.locator(".end .bare").click();
    await page.getByRole("button", { name: "Remove these devices…" }).click();
    await page.locator(".dialog input").fill("100");
  } },
  reconnecting: { at: "/", ready: ".notice", moves: true, routes: { "**/fleet/stream?*": (route) => route.abort() } },
};

const all = [
  ["fleet", "light", 1440], ["fleet", "dark", 1440], ["fleet", "light", 390], ["fleet", "dark", 390], ["fleet", "light", 2560],
  ["fleet", "light", 1280], ["fleet", "dark", 1280], ["list", "dark", 1440], ["list", "light", 390],
  ["device", "light", 1440], ["device", "dark", 1440], ["device", "light", 390], ["device", "dark", 390],
  ["mute", "dark", 390], ["remove-many", "dark", 390],
  ...Object.keys(pages).filter((name) => !["fleet", "list", "device"].includes(name)).map((name) => [name, "light", 1000]),
  ["filter", "dark", 1000], ["filter", "light", 390], ["error", "dark", 1000], ["key", "dark", 1000], ["reconnecting", "light", 390],
];

// The p99 of an hour, as if the page had been open for so long.
const hour = Array.from({ length: 360 }, (_, i) => ({ at: moment - (360 - i) * 10_000,
  p99: (i > 130 && i < 139 ? 14.8 - Math.abs(134 - i) * 1.6 : 6.2 + Math.sin(i / 3) * 0.35 + Math.sin(i * 1.7) * 0.3) }));

const server = spawn(process.execPath, [fileURLToPath(new URL("server.mjs", import.meta.url)), dashboard],
  { stdio: ["ignore", "pipe", "inherit"] });
const [url] = await once(createInterface(server.stdout), "line");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
mkdirSync(folder, { recursive: true });
try {
  for (const [name, colorScheme, size] of all) {
    const file = `${name}-${colorScheme}-${size}`;
    if (wanted.length > 0 && !wanted.includes(file)) continue;
    const { at, ready, act, moves, runs, full, routes = {} } = pages[name];
    const [width, height] = sizes[size];
    const isPhone = width < 500;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, timezoneId: "UTC", hasTouch: isPhone, isMobile: isPhone });
    const page = await context.newPage();
    if (!moves && !runs) await page.clock.setFixedTime(moment);
    await page.addInitScript((points) => sessionStorage.setItem("latency", JSON.stringify(points)), hour);
    for (const [pattern, handler] of Object.entries(routes)) await page.route(pattern, handler);
    await page.goto(url + at);
    for (const part of [ready].flat()) await page.locator(part).first().waitFor();
    if (name === "fleet") await page.locator(".live:not(.off)").waitFor();
    if (act) await act(page);
    await page.screenshot({ path: path.join(folder, `${file}.png`), animations: "disabled", fullPage: full ?? false });
    await context.close();
  }
} finally {
  await browser.close();
  server.kill();
}
