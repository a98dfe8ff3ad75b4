// Opens a page in Debian's Chromium, acts on it, and prints as JSON what a person would see and what went wrong:
// node browser.mjs URL ACTION, where ACTION is one of `actions`.
import { createRequire } from "node:module";

const packages = new URL("../../web/package.json", import.meta.url);
const { chromium } = createRequire(packages)("playwright-core");

const actions = {
  // Sends the example of POST /status, as somebody does who tries the API out.
  swagger: async (page) => {
    await page.getByRole("button", { name: "POST /status Take a report" }).click();
    const operation = page.locator("#operations-Reports-postStatus");
    await operation.getByRole("button", { name: "Execute" }).click();
    return operation.locator(".live-responses-table .response .microlight").first().innerText();
  },
  // Looks for a word, which a worker of the page does.
  redoc: async (page) => {
    await page.getByRole("heading", { name: "Take a report" }).waitFor();
    await page.getByPlaceholder("Search...").fill("batch");
    return page.getByRole("search").getByRole("menuitem").first().innerText();
  },
};

const patience = 60_000; // ms
const [url, action] = process.argv.slice(2);
const seen = { faults: [], requests: [] };
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"], // as root, in a container
  timeout: patience,
});
try {
  const page = await browser.newPage({ ignoreHTTPSErrors: true }); // proxy_test has a certificate of its own
  page.setDefaultTimeout(patience);
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("requestfailed", (request) => seen.faults.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on("pageerror", (error) => seen.faults.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.faults.push(message.text());
  });
  await page.goto(url, { waitUntil: "networkidle" });
  seen.title = await page.title();
  seen.result = await actions[action](page);
  seen.text = await page.locator("body").innerText();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
