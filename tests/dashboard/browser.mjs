// What the tests of the dashboard share: Debian's Chromium, a service, and axe.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { after, before } from "node:test";

const packages = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = packages("playwright-core");

export const patience = 30_000; // ms

export const startBrowser = () => chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"], // as root, in a container
  timeout: 2 * patience,
});

// The made-up fleet of web/dashboard/trial/, with the built dashboard in `folder`. Returns its address, and how to stop it.
async function startTrial(folder, ...flags) {
  const server = new URL("../../web/dashboard/trial/server.mjs", import.meta.url).pathname;
  const process_ = spawn(process.execPath, [server, folder, "0", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = await once(createInterface(process_.stdout), "line");
  return { url, stop: () => process_.kill() };
}

// For a file of tests: a browser and the made-up fleet, with the dashboard of the folder in DASHBOARD, from before the first
// test until after the last. `open` opens a path of the fleet's with a clean profile, as openPage does.
export function trialFleet() {
  let browser;
  let trial;
  before(async () => {
    trial = await startTrial(process.env.DASHBOARD);
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    trial?.stop();
  });
  return {
    url: () => trial.url,
    open: (path, options) => openPage(browser, trial.url + path, options),
  };
}

// A page with a clean profile. `faults` collects what went wrong in it, `foreign` the requests to other hosts.
export async function openPage(browser, url, options = {}) {
  const { watch = () => {}, ...context } = options;
  const profile = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: "UTC", ...context });
  const page = await profile.newPage();
  page.setDefaultTimeout(patience);
  const faults = [];
  const foreign = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith("blob:")) foreign.push(request.url());
  });
  await watch(page);
  await page.goto(url);
  const close = async () => {
    if (!page.isClosed()) await page.unrouteAll({ behavior: "ignoreErrors" }); // what is on its way concerns nobody any more
    await profile.close();
  };
  return { page, faults, foreign, close };
}

// Findings of axe. A script that the test puts into the page is not the page's.
export async function accessibilityFaults(page, impacts = ["serious", "critical"]) {
  const { source } = packages("axe-core");
  const session = await page.context().newCDPSession(page);
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `${source}; axe.run().then(({ violations }) => JSON.stringify(violations))`, awaitPromise: true, returnByValue: true,
  });
  assert.equal(exceptionDetails, undefined);
  return JSON.parse(result.value).filter(({ impact }) => impacts.includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(" | ")}`);
}
