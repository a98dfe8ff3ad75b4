// The page of the fleet as ubietyd serves it: UBIETYD names the program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessibilityFaults, openPage, startBrowser } from "./browser.mjs";
import { startService } from "./service.mjs";

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser?.close());

const heading = (page, text) => page.getByRole("heading", { name: text, exact: true });
const fleetOf = (count) => Array.from({ length: count }, (_, i) => ({
  device_id: `gw${i % 10}-sensor-${String(i).padStart(4, "0")}`, battery_level: i < 7 ? 10 + i : 60, rssi: i % 50 === 9 ? -95 : -60,
}));

// Whether this build has the stream already.
const isStreaming = async ({ url }) => "/fleet/stream" in (await (await fetch(`${url}/openapi.json`)).json()).paths;

async function withService(settings, run) {
  const service = await startService(settings);
  try {
    await run(service);
  } finally {
    await service.stop();
  }
}

test("an empty fleet becomes one with the first report, which the page shows how to send", () => withService({}, async (service) => {
  const { page, foreign, faults, close } = await openPage(browser, service.url);
  await heading(page, "No device has reported yet").waitFor();
  const [, body] = /-d '([^']+)'/.exec(await page.locator("pre").innerText());
  const answer = await fetch(`${service.url}/status`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  assert.equal(answer.status, 200);
  await heading(page, "All 1 device heard in time").waitFor();
  await page.locator(".devices .body a.id", { hasText: "sensor-abc-123" }).waitFor();
  assert.deepEqual([foreign, await isStreaming(service) ? faults : []], [[], []]);
  await close();
}));

test("counts, lists and rows are those of the service, and change without a reload", () => withService({ GROUP_BY: "prefix:-" }, async (service) => {
  await service.report(fleetOf(300));
  const { page, foreign, faults, close } = await openPage(browser, service.url);
  await heading(page, "All 300 devices heard in time").waitFor();
  await page.locator(".counts a", { hasText: "7 batteries low" }).click();
  await page.locator(".order", { hasText: "7 of 300 devices" }).waitFor();
  const ids = await page.locator(".devices .body a.id").evaluateAll((links) => links.map(({ title }) => title));
  assert.deepEqual(ids, fleetOf(7).map(({ device_id }) => device_id));
  assert.equal(await page.locator(".devices .body .c-group").first().innerText(), "gw0");
  assert.deepEqual(await accessibilityFaults(page), []);
  await service.report([{ device_id: "gw0-sensor-0000", battery_level: 9 }]);
  await page.locator(".devices .c-bat .changed", { hasText: "9" }).waitFor();
  if (await isStreaming(service)) {
    await service.report([{ device_id: "gw9-sensor-0299", battery_level: 3 }]);
    await page.locator(".counts a", { hasText: "8 batteries low" }).waitFor();
    await page.locator(".feed li", { hasText: "gw9-sensor-0299" }).waitFor();
    assert.deepEqual(faults, []);
  }
  assert.deepEqual(foreign, []);
  await close();
}));

test("the service's keys open the page, and a revoked one closes it", () => withService({ ENABLE_AUTH: "true" }, async (service) => {
  const [reader, admin] = [service.createKey("read"), service.createKey("admin")];
  const { page, close } = await openPage(browser, service.url);
  await heading(page, "This fleet needs a key").waitFor();
  await page.getByLabel("API key").fill(reader);
  await page.getByRole("button", { name: "Open" }).click();
  await heading(page, "No device has reported yet").waitFor();
  const fields = { Authorization: `Bearer ${admin}` };
  const { keys } = await (await fetch(`${service.url}/admin/keys`, { headers: fields })).json();
  const { id } = keys.find(({ scopes }) => scopes.includes("read"));
  await fetch(`${service.url}/admin/keys/${id}`, { method: "DELETE", headers: fields });
  await page.getByRole("alert").waitFor();
  await close();
}));
