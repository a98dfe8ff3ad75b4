// The trial's answers about one device: its history, its removal and mute.
import { find, remove, timeOf } from "./fleet.mjs";
import { historyOf } from "./histories.mjs";

// Returns whether the request was for one device, and then answers it.
export function answerDevice(request, response, url) {
  const [, id] = (request.method === "DELETE" ? /^\/status\/([^/]+)$/ : /^\/status\/([^/]+)\/history$/).exec(url.pathname) ?? [];
  if (id !== undefined) {
    answerKnown(request, response, url, decodeURIComponent(id));
    return true;
  }
  const muted = /^\/fleet\/mutes\/device\/([^/]+)$/.exec(url.pathname)?.[1];
  if (muted === undefined) return false;
  void answerMute(request, response, decodeURIComponent(muted));
  return true;
}

function answerKnown(request, response, url, id) {
  const device = find(id);
  if (device === undefined) return json(response, { detail: `Device ${id} not found` }, 404);
  if (request.method === "DELETE") {
    remove(id);
    return response.writeHead(204).end();
  }
  return answerHistory(request, response, url.searchParams, device);
}

function answerHistory(request, response, query, device) {
  const from = query.has("from") ? Date.parse(query.get("from")) : -Infinity;
  const to = query.has("to") ? Date.parse(query.get("to")) : Infinity;
  const reports = historyOf(device).filter(({ own }) => own >= from && own < to);
  if (query.has("buckets")) return json(response, bucketsOf(device.id, reports, from, to, Number(query.get("buckets"))));
  const begin = Number(query.get("cursor") ?? 0);
  const end = begin + Number(query.get("limit") ?? reports.length);
  if (end < reports.length) response.setHeader("Link", `<?limit=${end - begin}&cursor=${end}>; rel="next"`);
  response.setHeader("Content-Type", "application/x-ndjson");
  response.end(reports.slice(begin, end).map((report) => `${JSON.stringify(lineOf(device.id, report))}\n`).join(""));
}

const lineOf = (device_id, { own, received, battery, rssi, online }) =>
  ({ device_id, timestamp: timeOf(own), battery_level: battery, rssi, online, created_at: timeOf(received) });

function bucketsOf(device_id, reports, from, to, count) {
  const width = (to - from) / count;
  const parts = Array.from({ length: count }, () => []);
  for (const report of reports) parts[Math.floor((report.own - from) / width)].push(report);
  const buckets = parts.map((part, index) => ({ from: timeOf(from + index * width), records: part.length,
    battery_level: rangeOf(part.map(({ battery }) => battery)), rssi: rangeOf(part.map(({ rssi }) => rssi)),
    online: part.length ? part.filter(({ online }) => online).length / part.length : null }));
  return { device_id, from: timeOf(from), to: timeOf(to), bucket_seconds: width / 1_000, buckets };
}

function rangeOf(values) {
  if (values.length === 0) return null;
  return { min: Math.min(...values), max: Math.max(...values), mean: values.reduce((sum, value) => sum + value, 0) / values.length };
}

async function answerMute(request, response, id) {
  let body = "";
  for await (const part of request) body += part;
  const device = find(id);
  if (device === undefined) return json(response, { detail: `Device ${id} not found` }, 404);
  device.muted = request.method === "PUT" ? JSON.parse(body).until : null;
  if (request.method === "PUT") return json(response, { device_id: id, until: device.muted, by: null });
  return response.writeHead(204).end();
}

const json = (response, value, status = 200) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
