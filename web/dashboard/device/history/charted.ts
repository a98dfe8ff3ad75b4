// What the charts of a span show, worked out from what is known of the device.
import { now } from "../../base/time.js";
import type { Device } from "../device.js";
import { receiptsOf, type Report } from "../reports/report.js";
import { silentAfterOf, type DeviceStatus } from "../status.js";
import { hour, type TimeSpan } from "../times.js";
import { downtimeGapsOf, gapsOf, type Gap } from "./gaps.js";
import { onlineRunsOf, type OnlineRun } from "./online_runs.js";
import { seriesOf, type Series } from "./series.js";
import { silencesOf } from "./silences.js";
import type { Bucket } from "./bucket.js";
import type { SpanName } from "./window.js";

export interface Charted extends TimeSpan {
  bucket: number; // ms
  battery: Series;
  rssi: Series;
  runs: OnlineRun[];
  gaps: Gap[];
}

// Null until the history and the downtimes are loaded: without these a gap would be blamed on the device for a moment.
export function chartedOf(device: Device, status: DeviceStatus, span: SpanName): Charted | null {
  const history = device.parts.histories.get(span);
  const { downtimes } = device.parts;
  if (history === undefined || downtimes === null) return null;
  const { window, buckets, parts } = history;
  const gaps = gapsIn(device, status, parts, downtimes).filter(({ from, to }) => from < window.to && to > window.from);
  const end = now();
  return {
    from: window.from,
    to: end,
    bucket: window.bucket,
    battery: seriesOf(buckets, ({ battery }) => battery, gaps, end),
    rssi: seriesOf(buckets, ({ rssi }) => rssi, gaps, end),
    runs: onlineRunsOf(buckets, gaps, end),
    gaps,
  };
}

const none: Report[] = [];

function gapsIn(device: Device, status: DeviceStatus, parts: Bucket[], downtimes: TimeSpan[]): Gap[] {
  const silences = silencesOf({
    buckets: parts,
    receipts: receiptsOf(device.parts.reports?.reports ?? none),
    receiptsFrom: device.parts.reports?.from ?? Infinity,
    silentAfter: silentAfterOf(status, device.fleet?.stale_after_seconds ?? null) ?? hour,
    silentSince: status.stale ? Date.parse(status.last_heard) : null,
    downtimes,
    now: now(),
  });
  return [...gapsOf(silences, status.group ?? null, device.fleet?.outages ?? [], status.outage === true, now()),
    ...downtimeGapsOf(downtimes)];
}
