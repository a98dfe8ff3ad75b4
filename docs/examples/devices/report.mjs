// Sends one report, and repeats it until the service has stored it or refuses it. Node.js 18, no packages.
//
//     node report.mjs sensor-abc-123 76 -60     # device, battery in percent, RSSI in dBm; exits 0 once it is stored

const url = process.env.UBIETY_URL ?? "http://localhost:8000";
const key = process.env.UBIETY_API_KEY;
const timeout = 10_000; // milliseconds; longer than the service's REQUEST_TIMEOUT, so that its 503 arrives
const longestPause = 300; // seconds
const refused = [400, 413, 415, 422]; // the report itself is wrong: it never gets better

// Returns the answer's status and its Retry-After in seconds; the status is 0 if there was no answer.
async function send(body) {
  const headers = { "Content-Type": "application/json", ...(key && { "X-API-Key": key }) };
  try {
    const answer = await fetch(`${url}/status`, {
      method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(timeout),
    });
    await answer.arrayBuffer();
    return { status: answer.status, retryAfter: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, retryAfter: 0 };
  }
}

// Seconds until the next attempt: doubled each time, with jitter, and never less than the service asked for.
function pauseAfter(attempt, { status, retryAfter }) {
  const needsAPerson = status >= 300 && status < 500 && status !== 408 && status !== 429; // a wrong key or address
  const backoff = needsAPerson ? longestPause : Math.min(longestPause, 2 ** attempt);
  return Math.max(retryAfter, (0.5 + Math.random() / 2) * backoff);
}

// Returns true once the report is stored, false if the service refuses it. Waits as long as it takes.
async function deliver(report) {
  const body = JSON.stringify(report); // made once: every attempt sends the same bytes
  for (let attempt = 0; ; ++attempt) {
    const answer = await send(body);
    if (answer.status === 200) return true;
    if (refused.includes(answer.status)) return false;
    await new Promise((resolve) => setTimeout(resolve, 1000 * pauseAfter(attempt, answer)));
  }
}

const [device, battery, rssi] = process.argv.slice(2);
const stored = await deliver({
  device_id: device,
  timestamp: new Date().toISOString(),
  battery_level: Number(battery),
  rssi: Number(rssi),
  online: true,
});
process.exit(stored ? 0 : 1);
