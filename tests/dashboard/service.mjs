// A ubietyd of a test's own, on a free port, in a temporary folder.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { patience } from "./browser.mjs";

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  return port;
}

// `settings`: environment variables of the service. `createKey(scope)` makes an API key before or while it serves.
export async function startService(settings = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "dashboard-service-"));
  const port = await freePort();
  const env = { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: String(port), LOG_FORMAT: "text", ...settings };
  const log = path.join(folder, "log");
  const service = spawn(process.env.UBIETYD, [], { cwd: folder, env, stdio: ["ignore", "ignore", openSync(log, "w")] });
  const url = `http://127.0.0.1:${port}`;
  const giveUp = Date.now() + patience;
  while (!(await fetch(`${url}/health/ready`).then(({ ok }) => ok, () => false))) {
    if (service.exitCode !== null || Date.now() > giveUp) throw new Error(`ubietyd does not serve:\n${readFileSync(log, "utf8")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url,
    createKey(scope) {
      const made = spawnSync(process.env.UBIETYD, ["keys", "create", "test", "--scope", scope], { cwd: folder, env, encoding: "utf8" });
      if (made.status !== 0) throw new Error(made.stderr);
      return made.stdout.trim();
    },
    async report(reports, fields = {}) {
      const body = reports.map((report) => JSON.stringify({ online: true, rssi: -60, timestamp: new Date().toISOString(), ...report })).join("\n");
      const answer = await fetch(`${url}/status/batch`, { method: "POST", body, headers: { "Content-Type": "application/x-ndjson", ...fields } });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    },
    async stop() {
      if (service.exitCode === null) {
        service.kill();
        await once(service, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
