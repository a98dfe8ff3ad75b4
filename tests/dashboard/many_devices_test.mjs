// What can be done with all devices of a filtered list, in Debian's Chromium: node --test many_devices_test.mjs, with the
// folder of the built dashboard in DASHBOARD.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, trialFleet } from "./browser.mjs";

const trial = trialFleet();

// The list of `query`, where "…" opened and `action` was chosen. `answers`: to the requests that change something.
async function choose(query, action, answers = []) {
  const asked = [];
  const watch = (page) => page.route("**/*", (route) => {
    const request = route.request();
    if (["GET", "POST"].includes(request.method())) return route.continue();
    asked.push([request.method(), request.url().replace(trial.url(), ""), request.postDataJSON()]);
    const [status, body] = answers.shift();
    return route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) });
  });
  const opened = await trial.open(query, { watch });
  const { page } = opened;
  await page.locator(".devices .row[aria-rowindex='2'] .id").waitFor();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: action }).click();
  return { ...opened, asked };
}

test("many are removed after their number was typed, and only if it is still the number", async () => {
  const { page, asked, close } = await choose("/?prefix=hall3-", "Remove these devices…",
    [[412, { detail: "none was removed", matches: 99 }], [200, { removed: 99 }]]);
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText("Remove 100 devices?").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cancel");
  const remove = dialog.getByRole("button", { name: /^Remove/ });
  assert.equal(await remove.isDisabled(), true);
  await dialog.locator("input").fill("10");
  assert.equal(await remove.isDisabled(), true);
  await dialog.locator("input").fill("100");
  await remove.click();
  await dialog.getByText("Meanwhile 99 devices match. Nothing was removed.").waitFor();
  assert.equal(await dialog.locator("input").inputValue(), "");
  assert.equal(await remove.isDisabled(), true);
  assert.deepEqual(await accessibilityFaults(page), []);
  await dialog.locator("input").fill("99");
  await remove.click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(asked.map(([method, path]) => [method, path]),
    [["DELETE", "/status?prefix=hall3-&expect=100"], ["DELETE", "/status?prefix=hall3-&expect=99"]]);
  await close();
});

test("all whose ids begin alike are muted, those that come later, too", async () => {
  const { page, asked, close } = await choose("/?prefix=hall3-", "Mute these devices until…", [[200, {}]]);
  await page.getByRole("button", { name: "Mute until", exact: false }).last().click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const [[method, path, body]] = asked;
  assert.deepEqual([method, path], ["PUT", "/fleet/mutes/prefix/hall3-"]);
  assert.match(body.until, /^2026-11-28T15:0[2-5]:00/); // an hour later, by the service’s clock
  await close();
});

test("a list with another filter says by what devices are muted and removed", async () => {
  const { page, asked, close } = await choose("/?prefix=hall3-&problem=silent", "Remove these devices…");
  await page.getByText("Devices are removed by the beginning of their ids, by how long they are silent, or by both.").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  assert.deepEqual(asked, []);
  await close();
});

test("a key that may not remove is told so, and nothing is removed", async () => {
  const { page, close } = await choose("/?prefix=hall3-", "Remove these devices…", [[403, { detail: "needs admin" }]]);
  await page.locator(".dialog input").fill("100");
  await page.getByRole("button", { name: "Remove 100 devices" }).click();
  await page.getByRole("alert").getByText("Your key may read only; this needs the scope admin.").waitFor();
  await close();
});
