// What the page shows below a device's status: histories, reports, their number, and when the service was down. Each part is
// loaded by itself, and again when there is news; what cannot be loaded is tried again later, and what is known stays.
import { ServiceError } from "../base/api.js";
import { now } from "../base/time.js";
import { downtimes, extentOf, historyIn, reportPage, reportsSince, type Extent, type History, type KnownReports } from "./data.js";
import { windowOf, zoneOffsetAt, type SpanName } from "./history/window.js";
import { latestFirst, merged } from "./reports/report.js";
import { day, minute, type TimeSpan } from "./times.js";

const rhythmDays = 14;
const mostReports = 20_000;
const pageSize = 100;
const historyEvery = minute;
const downtimesEvery = minute;

export interface Parts {
  histories: Map<SpanName, History>;
  reports: KnownReports | null; // null until they are loaded
  extent: Extent | null;
  downtimes: TimeSpan[] | null; // of the service, the oldest first; null until they are loaded
}

export interface PartsLoader {
  parts: Parts;
  // Loads what is missing, and with `isNews` what may have changed. `latest`: the device's latest own time, ms. Throws
  // the first error, after all is tried.
  load(latest: number, span: SpanName, isNews: boolean): Promise<void>;
  forget(): void;
}

export function partsOf(id: string, signal: AbortSignal, changed: () => void): PartsLoader {
  const parts: Parts = { histories: new Map(), reports: null, extent: null, downtimes: null };
  const running = new Set<string>();
  let downtimesLoaded = -Infinity; // when, ms

  // A part that is on its way is not asked for again.
  async function once(name: string, task: () => Promise<void>): Promise<void> {
    if (running.has(name)) return;
    running.add(name);
    try {
      await task();
      changed();
    } finally {
      running.delete(name);
    }
  }

  async function history(span: SpanName, isNews: boolean): Promise<void> {
    const window = windowOf(span, now(), zoneOffsetAt(now()), firstKnown());
    const known = parts.histories.get(span);
    const isOther = known === undefined || known.window.to < now() || known.window.bucket !== window.bucket;
    if (!isOther && (!isNews || now() - known.loaded < Math.min(historyEvery, window.bucket))) return;
    await once(span, async () => void parts.histories.set(span, await historyIn(id, window, now(), signal)));
  }

  // When the device reported first: exactly if all its reports are known, otherwise about.
  function firstKnown(): number | null {
    const { extent, reports } = parts;
    if (extent === null || reports === null) return null;
    const isAll = reports.reports.length >= extent.total && extent.total > 0;
    return isAll ? Math.min(...reports.reports.map(({ own }) => own)) : extent.first;
  }

  async function reports(latest: number, isNews: boolean): Promise<void> {
    const known = parts.reports;
    if (known !== null && !isNews) return;
    await once("reports", async () => {
      parts.reports = (known && (await withLatest(known))) ?? (await reportsUpTo(latest));
    });
  }

  async function reportsUpTo(latest: number): Promise<KnownReports> {
    const known = await reportsSince(id, Math.min(now(), latest) - rhythmDays * day, mostReports, signal);
    return { reports: latestFirst(known.reports), from: known.from };
  }

  // Undefined if more came meanwhile than a page has.
  async function withLatest({ reports, from }: KnownReports): Promise<KnownReports | undefined> {
    const page = await reportPage(id, pageSize, null, signal);
    const all = merged(reports, page.reports);
    const fresh = all.length - reports.length;
    if (fresh === pageSize) return undefined;
    if (parts.extent !== null) parts.extent.total += fresh;
    return { reports: all, from };
  }

  async function extent(): Promise<void> {
    if (parts.extent === null) await once("extent", async () => void (parts.extent = await extentOf(id, now(), signal)));
  }

  // Also without news of the device: the service may be why there are none.
  async function downtimesSoFar(): Promise<void> {
    if (now() - downtimesLoaded < downtimesEvery) return;
    await once("downtimes", async () => {
      parts.downtimes = await downtimes(signal);
      downtimesLoaded = now();
    }).catch((error: unknown) => {
      parts.downtimes ??= []; // the charts need not wait for the next try
      throw error;
    });
  }

  return {
    parts,
    async load(latest, span, isNews) {
      const wanted = [...new Set<SpanName>(["30d", span])];
      const histories = (): Promise<void>[] => wanted.map((each) => history(each, isNews));
      const tried = await Promise.allSettled([...histories(), reports(latest, isNews), extent(), downtimesSoFar()]);
      tried.push(...await Promise.allSettled(histories())); // of a young device, now that this is known
      const failed = tried.find((each): each is PromiseRejectedResult =>
        each.status === "rejected" && each.reason instanceof ServiceError);
      if (failed !== undefined) throw failed.reason;
    },
    forget: () => Object.assign(parts, { histories: new Map(), reports: null, extent: null }),
  };
}
