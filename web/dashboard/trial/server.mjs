// Serves the built dashboard with the made-up fleet of fleet.mjs: node server.mjs FOLDER [PORT] [--moves]. FOLDER is
// where build.mjs wrote to. The moment stands still, unless --moves has reports come in.
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { answerDevice } from "./device_answers.mjs";
import { devices, downtimes, events, find, minutes, moment, outages, timeOf } from "./fleet.mjs";

const [folder, port = "0", moves] = process.argv.slice(2);
const kinds = ["silent", "battery_low", "battery_falling", "flapping", "clock", "weak_signal"]; // worst first
const types = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'";
const begin = Date.now();
const now = () => (moves ? moment + Date.now() - begin : moment);
const due = ({ stale, due }) => (stale ? { was_due: timeOf(due) } : { due: timeOf(due) });
const has = (device, kind) => !device.muted && device.problems.some((problem) => problem.kind === kind);

const memberOf = {
  device_id: (device) => device.id, battery_level: (device) => device.battery, online: (device) => device.online,
  last_update: (device) => timeOf(device.heard), rssi: (device) => device.rssi, last_heard: (device) => timeOf(device.heard),
  stale: (device) => device.stale, was_due: (device) => (device.stale ? timeOf(device.due) : null), group: (device) => device.group,
  usual_seconds: (device) => device.usual, due: (device) => (device.stale ? null : timeOf(device.due)),
  problems: (device) => device.problems, muted: (device) => device.muted, outage: (device) => device.outage,
};
const rowOf = (device, fields) => Object.fromEntries(fields.map((field) => [field, memberOf[field](device)]));

function barsOf(value, edges) {
  const sorted = devices.map(value).sort((a, b) => a - b);
  let from = 0;
  const bars = edges.map((below) => {
    const end = sorted.findLastIndex((one) => one < below) + 1;
    const bar = { below, devices: end - from };
    from = end;
    return bar;
  });
  return { median: sorted[devices.length / 2], bars };
}
const batteries = barsOf(({ battery }) => battery, [...Array(19).keys()].map((i) => 5 * (i + 1)).concat(101));
const signals = barsOf(({ rssi }) => rssi, [...Array(15).keys()].map((i) => -100 + 5 * i).concat(21));

// What stands still is computed once for each question.
const known = new Map();
function once(question, compute) {
  if (moves) return compute();
  if (!known.has(question)) known.set(question, compute());
  return known.get(question);
}

function overview() {
  return {
    time: timeOf(now()), devices: devices.length, online: devices.filter(({ online }) => online).length,
    silent: devices.filter(({ stale }) => stale).length, muted: devices.filter(({ muted }) => muted).length,
    problems: Object.fromEntries(kinds.map((kind) => [kind, devices.filter((device) => has(device, kind)).length])),
    devices_with_problems: devices.filter(({ problems, muted }) => problems.length && !muted).length,
    reports_per_second: 1004.2, minutes, battery_level: batteries, rssi: signals, outages,
    stale_after_seconds: 900, group_by: "prefix",
  };
}

function attention(query) {
  const worst = ({ problems }) => Math.min(...problems.map(({ kind }) => kinds.indexOf(kind)));
  const rows = devices.filter(({ problems, muted }) => problems.length && !muted)
    .sort((a, b) => worst(a) - worst(b) || b.problems.length - a.problems.length || a.heard - b.heard);
  const fields = ["device_id", "group", "problems", "battery_level", "rssi", "online", "last_heard", "usual_seconds"];
  return { devices: rows.slice(0, Number(query.get("limit") ?? 100)).map((device) => ({ ...rowOf(device, fields), ...due(device) })), total: rows.length };
}

function summary(query) {
  const is = (name, test) => (query.has(name) ? test(query.get(name)) : () => true);
  const tests = [
    is("prefix", (prefix) => ({ id }) => id.startsWith(prefix)),
    is("q", (q) => ({ id }) => id.includes(q.toLowerCase())),
    is("group", (group) => (device) => device.group === group),
    is("stale", (stale) => (device) => String(device.stale) === stale),
    is("online", (online) => (device) => String(device.online) === online),
    is("muted", (muted) => (device) => String(device.muted !== null) === muted),
    is("battery_below", (level) => ({ battery }) => battery < Number(level)),
    is("rssi_below", (level) => ({ rssi }) => rssi < Number(level)),
    is("problem", (kind) => (device) => kind === "any" ? device.problems.length > 0 && !device.muted
      : kind === "outage" ? device.outage : has(device, kind)),
  ];
  const key = memberOf[query.get("sort") ?? "device_id"];
  const sign = query.get("order") === "desc" ? -1 : 1;
  const found = devices.filter((device) => tests.every((test) => test(device)))
    .map((device) => ({ device, key: key(device) }))
    .sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.device.id < b.device.id ? -1 : 1));
  const offset = Number(query.get("offset") ?? 0);
  const fields = (query.get("fields") ?? "device_id,battery_level,online,last_update,rssi,last_heard,stale,was_due").split(",");
  return {
    total_devices: found.length, online_devices: found.filter(({ device }) => device.online).length,
    low_battery_devices: found.filter(({ device }) => device.battery < 20).length,
    devices: found.slice(offset, offset + Number(query.get("limit") ?? found.length)).map(({ device }) => rowOf(device, fields)),
  };
}

function report() {
  for (let i = 0; i < 300; ++i) {
    const device = devices[Math.floor(Math.random() * devices.length)];
    if (device.stale) continue;
    Object.assign(device, { heard: now(), due: now() + 900_000 + device.usual * 1_000, battery: Math.max(1, device.battery - (Math.random() < 0.2)) });
  }
}
if (moves) setInterval(report, 300);

const metrics = `ubiety_build_info{version="1.0.0",store="postgresql"} 1
ubiety_store_connected 1
ubiety_updates_in_flight 0
ubiety_http_request_duration_seconds_bucket{route="/status",le="0.005"} 98700
ubiety_http_request_duration_seconds_bucket{route="/status",le="0.01"} 99900
ubiety_http_request_duration_seconds_bucket{route="/status",le="+Inf"} 100000
`;

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://trial");
  if (request.method !== "GET" && url.pathname !== "/status/query") known.clear(); // something changes
  const json = (value) => response.setHeader("Content-Type", "application/json").end(JSON.stringify(value));
  const file = (name) => {
    response.setHeader("Content-Type", types[path.extname(name).slice(1)] ?? "text/plain");
    if (name.endsWith(".html")) response.setHeader("Content-Security-Policy", policy);
    createReadStream(path.join(folder, name)).on("error", () => response.writeHead(404).end()).pipe(response);
  };
  if (url.pathname === "/") return file("fleet.html");
  if (url.pathname.startsWith("/device/")) return file("device.html");
  if (url.pathname.startsWith("/assets/")) return file(path.basename(url.pathname));
  if (url.pathname === "/metrics") return response.end(metrics);
  if (url.pathname === "/fleet/overview") return json(once(url.href, overview));
  if (url.pathname === "/fleet/attention") return json(once(url.href, () => attention(url.searchParams)));
  if (url.pathname === "/fleet/events") return json({ events });
  if (url.pathname === "/fleet/downtimes") return json({ downtimes });
  if (answerDevice(request, response, url)) return;
  if (url.pathname === "/status/summary") return json(once(url.href, () => summary(url.searchParams)));
  if (url.pathname === "/status/query") {
    let body = "";
    for await (const part of request) body += part;
    const { device_ids, fields } = JSON.parse(body);
    const found = device_ids.map(find);
    return json({ devices: found.filter(Boolean).map((device) => rowOf(device, fields)), not_found: device_ids.filter((id) => !find(id)) });
  }
  if (url.pathname === "/fleet/stream") {
    response.setHeader("Content-Type", "text/event-stream");
    response.write("retry: 1000\n\n");
    const timer = setInterval(() => response.write(moves ? `id: 1\nevent: overview\ndata: ${JSON.stringify(overview())}\n\n` : ":\n\n"), 1_000);
    return request.on("close", () => clearInterval(timer));
  }
  response.writeHead(404, { "X-Request-ID": "f3c1a2d0-5b7e" }).end(JSON.stringify({ detail: "Not Found" }));
});
server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
