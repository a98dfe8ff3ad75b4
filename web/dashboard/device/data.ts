// What the page asks the service for.
import { getJson, request } from "../base/api.js";
import type { Overview } from "../base/service.js";
import { bucketsOf, joined, type Bucket, type BucketsAnswer } from "./history/bucket.js";
import { downtimesOf, type DowntimesAnswer } from "./history/downtimes.js";
import type { HistoryWindow } from "./history/window.js";
import { reportOfLine, type Report } from "./reports/report.js";
import { statusFields, type DeviceStatus } from "./status.js";
import { day, type TimeSpan } from "./times.js";

const ndjson = "application/x-ndjson";
const pathOf = (deviceId: string): string => `status/${encodeURIComponent(deviceId)}`;
const timeText = (time: number): string => new Date(time).toISOString();

// Null for a device that never reported, or was removed.
export async function statusOf(deviceId: string, signal: AbortSignal): Promise<DeviceStatus | null> {
  const body = { device_ids: [deviceId], fields: statusFields };
  const { devices } = await getJson<{ devices: DeviceStatus[] }>("status/query", { method: "POST", body, signal });
  return devices[0] ?? null;
}

export async function bucketsIn(deviceId: string, window: TimeSpan & { count: number }, signal: AbortSignal,
): Promise<Bucket[]> {
  const query = { from: timeText(window.from), to: timeText(window.to), buckets: window.count };
  return bucketsOf(await getJson<BucketsAnswer>(`${pathOf(deviceId)}/history`, { query, signal }));
}

export const fleet = (signal: AbortSignal): Promise<Overview> => getJson<Overview>("fleet/overview", { signal });

// When the service was down, the oldest first.
export async function downtimes(signal: AbortSignal): Promise<TimeSpan[]> {
  return downtimesOf(await getJson<DowntimesAnswer>("fleet/downtimes", { signal }));
}

export interface KnownReports {
  reports: Report[]; // the latest first
  from: number; // `reports` has all since then, ms
}

// The reports since `from`, but at most about `most` of them: the latest ones.
export async function reportsSince(deviceId: string, from: number, most: number, signal: AbortSignal,
): Promise<KnownReports> {
  const query = { from: timeText(from) };
  const answer = await request(`${pathOf(deviceId)}/history`, { query, accept: ndjson, signal });
  const reports: Report[] = [];
  for await (const line of linesOf(answer)) {
    reports.push(reportOfLine(line));
    if (reports.length === most) return { reports, from: reports.at(-1)?.own ?? from };
  }
  return { reports, from };
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  const bytes = answer.body?.getReader();
  if (!bytes) return;
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await bytes.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter((line) => line !== "");
    }
  } finally {
    await bytes.cancel().catch(() => {});
  }
}

export interface ReportPage {
  reports: Report[]; // in the service's order, by the device's own time
  next: string | null; // the cursor of the older ones
}

export async function reportPage(deviceId: string, limit: number, cursor: string | null, signal: AbortSignal,
): Promise<ReportPage> {
  const query = { limit, ...(cursor !== null && { cursor }) };
  const answer = await request(`${pathOf(deviceId)}/history`, { query, accept: ndjson, signal });
  const lines = (await answer.text()).split("\n").filter((line) => line !== "");
  return { reports: lines.map(reportOfLine), next: /[?&]cursor=([^&>]+)/.exec(answer.headers.get("Link") ?? "")?.[1] ?? null };
}

export interface Extent {
  total: number; // reports
  first: number | null; // about when the first one was, ms
}

// The history has no first page from its other end, so it is found by looking closer: in parts of three weeks, then in
// parts of half an hour.
export async function extentOf(deviceId: string, now: number, signal: AbortSignal): Promise<Extent> {
  const buckets = await bucketsIn(deviceId, { from: 0, to: now + day, count: 1000 }, signal);
  const total = buckets.reduce((sum, { records }) => sum + records, 0);
  const coarse = buckets.find(({ records }) => records > 0);
  if (coarse === undefined) return { total, first: null };
  const closer = await bucketsIn(deviceId, { from: coarse.from, to: coarse.to, count: 1000 }, signal);
  return { total, first: closer.find(({ records }) => records > 0)?.from ?? coarse.from };
}

export interface History {
  window: HistoryWindow;
  loaded: number; // when, ms
  buckets: Bucket[]; // as the charts show them
  parts: Bucket[]; // of the buckets
}

export async function historyIn(deviceId: string, window: HistoryWindow, now: number, signal: AbortSignal,
): Promise<History> {
  const parts = await bucketsIn(deviceId, { ...window, count: window.count * window.parts }, signal);
  return { window, loaded: now, buckets: joined(parts, ({ from }) => Math.floor((from - window.from) / window.bucket)), parts };
}
