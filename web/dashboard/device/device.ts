// All that the page knows of its device: loaded in parts, then kept up to date while the page is open.
import { ServiceError } from "../base/api.js";
import type { FailedLoad } from "../base/error_page.js";
import { listen } from "../base/live.js";
import type { Outage } from "../base/service.js";
import { now } from "../base/time.js";
import { extentOf, historyIn, reportPage, reportsSince, statusOf, type Extent, type History, type KnownReports } from "./data.js";
import { spans, windowOf, zoneOffsetAt, type SpanName } from "./history/window.js";
import { latestFirst, merged } from "./reports/report.js";
import type { DeviceStatus } from "./status.js";
import { day, minute, second } from "./times.js";

const rhythmDays = 14;
const mostReports = 20_000;
const pageSize = 100;
const retryAfter = 8 * second;
const statusEvery = 2 * second; // at most, while the fleet reports
const pollEvery = 15 * second; // without the stream
const bucketsEvery = minute;

export interface Device {
  id: string;
  startedAt: number; // ms since 1970, by the browser's clock
  status: DeviceStatus | null; // null until it is loaded
  failed: FailedLoad | null;
  isUnknown: boolean;
  removedAt: number | null; // while the page was open
  histories: Map<SpanName, History>;
  reports: KnownReports | null;
  extent: Extent | null;
  outages: Outage[]; // of the fleet
}

export interface DeviceWatch {
  device: Device;
  show(span: SpanName): void; // loads this history, too
  lookAgain(): void; // soon
  tryNow(): void;
  close(): void;
}

export function watchDevice(id: string, changed: () => void): DeviceWatch {
  const stop = new AbortController();
  const { signal } = stop;
  const device: Device = {
    id, startedAt: Date.now(), status: null, failed: null, isUnknown: false, removedAt: null,
    histories: new Map(), reports: null, extent: null, outages: [],
  };
  let shown: SpanName = "30d";
  let looked = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    looked = Date.now();
    clearTimeout(retry);
    try {
      await loadStatus();
      device.failed = null;
    } catch (error) {
      if (signal.aborted || !(error instanceof ServiceError)) return;
      fail(error);
    }
    changed();
  }

  function fail(error: ServiceError): void {
    if (error.status === 404 && device.status !== null) device.removedAt ??= now();
    else if (error.status === 404) device.isUnknown = true;
    else {
      const pause = (error.retryAfter ?? 0) * second || retryAfter;
      device.failed = { error, nextTry: Date.now() + pause };
      retry = setTimeout(() => void look(), pause);
    }
  }

  async function loadStatus(): Promise<void> {
    const status = await statusOf(id, signal);
    const isNews = device.status?.last_heard !== status.last_heard;
    const isBack = device.removedAt !== null || device.isUnknown;
    Object.assign(device, { status, removedAt: null, isUnknown: false });
    changed();
    if (isBack) forget();
    if (isNews) await loadParts();
  }

  function forget(): void {
    Object.assign(device, { histories: new Map(), reports: null, extent: null });
  }

  async function loadParts(): Promise<void> {
    const wanted = new Set<SpanName>(["30d", shown]);
    await Promise.all([...[...wanted].map(loadHistory), loadReports(), loadExtent()]);
  }

  async function loadHistory(span: SpanName): Promise<void> {
    const window = windowOf(span, now(), zoneOffsetAt(now()));
    const known = device.histories.get(span);
    if (known && known.window.to === window.to && now() - known.loaded < bucketsEvery) return;
    device.histories.set(span, await historyIn(id, window, now(), signal));
    changed();
  }

  async function loadReports(): Promise<void> {
    device.reports = (device.reports && (await withLatest(device.reports))) ?? (await reportsOfTwoWeeks());
    changed();
  }

  // Up to its latest report, which may be long ago.
  async function reportsOfTwoWeeks(): Promise<KnownReports> {
    const latest = Math.min(now(), Date.parse(device.status?.timestamp ?? new Date(now()).toISOString()));
    const { reports, from } = await reportsSince(id, latest - rhythmDays * day, mostReports, signal);
    return { reports: latestFirst(reports), from };
  }

  // Undefined if more came meanwhile than a page has.
  async function withLatest({ reports, from }: KnownReports): Promise<KnownReports | undefined> {
    const page = await reportPage(id, pageSize, null, signal);
    const all = merged(reports, page.reports);
    if (all.length - reports.length === pageSize) return undefined;
    if (device.extent !== null) device.extent.total += all.length - reports.length;
    return { reports: all, from };
  }

  async function loadExtent(): Promise<void> {
    if (device.extent !== null) return;
    device.extent = await extentOf(id, now(), signal);
    changed();
  }

  const stopListening = listen((event) => {
    if (event.kind === "overview") device.outages = event.data.outages;
    const isAboutThis = event.kind === "problem" && "device_id" in event.data && event.data.device_id === id;
    if (document.hidden || (!isAboutThis && Date.now() - looked < statusEvery)) return;
    void look();
  });
  const poll = setInterval(() => !document.hidden && Date.now() - looked >= pollEvery && void look(), second);

  void look();
  return {
    device,
    show(span) {
      shown = spans.includes(span) ? span : shown;
      if (device.status !== null) void loadHistory(shown).catch(() => {});
    },
    lookAgain: () => void look(),
    tryNow: () => void look(),
    close() {
      stop.abort();
      stopListening();
      clearInterval(poll);
      clearTimeout(retry);
    },
  };
}
