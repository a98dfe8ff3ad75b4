// Runs the dashboard's tests, all files *_test.ts or those named: node test.mjs [FILE…]. Node's own runner runs them,
// compiled, in the zone of Berlin, where clocks change twice a year.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const sources = path.dirname(fileURLToPath(import.meta.url));
const named = process.argv.slice(2).map((file) => path.resolve(file));
const tests = named.length > 0 ? named
  : readdirSync(sources, { recursive: true }).filter((file) => file.endsWith("_test.ts"))
    .map((file) => path.join(sources, file));
if (tests.length === 0) throw new Error("there are no tests");

const folder = mkdtempSync(path.join(tmpdir(), "dashboard-tests-"));
try {
  await build({
    absWorkingDir: sources,
    entryPoints: tests,
    outdir: folder,
    outbase: sources,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const compiled = tests.map((test) => path.join(folder, path.relative(sources, test).replace(/ts$/, "mjs")));
  const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...compiled],
    { stdio: "inherit", env: { ...process.env, TZ: "Europe/Berlin" } });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
