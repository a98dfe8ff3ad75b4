// What the fleet's page shows above its table: read once, then kept up to date by the live stream.
import { getJson, ServiceError } from "../base/api.js";
import type { FailedLoad } from "../base/error_page.js";
import { key, keyFault } from "../base/key.js";
import { listen, streamState, type LiveEvent } from "../base/live.js";
import type { AttentionPage, FleetEvent, Outage, Overview } from "../base/service.js";
import type { StreamState } from "../base/stream.js";
import { setServiceTime } from "../base/time.js";
import { rowsWhenWide } from "./attention.js";
import { held, type Held } from "./held.js";
import { keyOf, noteOutages, tellOutage } from "./outages.js";

export interface FleetData {
  overview(): Overview | null; // null until it was read
  failure(): FailedLoad | null; // of the first reading
  events(): FleetEvent[]; // newest first
  attention: Held<AttentionPage>;
  feed: Held<FleetEvent[]>;
  outages: Held<Outage[]>;
  load(): Promise<void>;
  startAgain(): void; // with another key
  close(): void;
}

const attentionAtMostEvery = 3_000; // ms
const firstRetry = 2_000; // ms
const longestRetry = 30_000;
const eventsKept = 1_000;

// `changed` is called when something else is to be shown.
export function fleetData(changed: () => void): FleetData {
  let overview: Overview | null = null;
  let failure: FailedLoad | null = null;
  let retry = firstRetry;
  let events: FleetEvent[] = [];
  let attentionDue = 0; // a timer
  let loads = 0; // that are on their way
  let wasLive = streamState.get().is === "live";
  const attention = held<AttentionPage>(".attention", ({ devices }) => devices.map(({ device_id }) => device_id), changed);
  const feed = held<FleetEvent[]>(".feed", (list) => list.map((event) => JSON.stringify(event)), changed);
  const outages = held<Outage[]>(".outages", (list) => list.map(keyOf), changed);

  function take(next: Overview): void {
    overview = next;
    failure = null;
    retry = firstRetry;
    setServiceTime(next.time);
    noteOutages(next);
    outages.offer(next.outages);
    changed();
  }

  async function loadAttention(): Promise<void> {
    attention.offer(await getJson<AttentionPage>("fleet/attention", { query: { limit: rowsWhenWide } }));
  }

  async function loadEvents(): Promise<void> {
    const answer = await getJson<{ events: FleetEvent[] }>("fleet/events", { query: { limit: eventsKept } });
    events = answer.events;
    feed.offer(events);
  }

  async function load(): Promise<void> {
    ++loads;
    try {
      // Without the rest the page says less, but it says it.
      const rest = [loadAttention(), loadEvents()].map((loaded) => loaded.catch(() => {}));
      const [next] = await Promise.all([getJson<Overview>("fleet/overview"), ...rest]);
      take(next);
    } catch (error) {
      if (error instanceof ServiceError && error.status !== 401) {
        const wait = error.retryAfter === null ? retry : error.retryAfter * 1_000;
        failure = { error, nextTry: Date.now() + wait };
        retry = Math.min(longestRetry, retry * 2);
      }
      changed();
    } finally {
      --loads;
    }
  }

  // What happened between the last answers and the stream is asked for; answers that are on their way have it.
  function streamChanged({ is }: StreamState): void {
    if (is === "live" && !wasLive && loads === 0) void load();
    wasLive = is === "live";
  }

  // Many problems may begin at once.
  function attentionChanged(): void {
    attentionDue ||= setTimeout(() => {
      attentionDue = 0;
      loadAttention().catch(() => {}); // the next problem asks again
    }, attentionAtMostEvery) as unknown as number;
  }

  function hear(event: LiveEvent): void {
    if (event.kind === "overview") return take(event.data);
    if (event.kind === "reset") return void load();
    if (event.kind === "current") return;
    tellOutage(event.data);
    events = [event.data, ...events].slice(0, eventsKept);
    feed.offer(events);
    attentionChanged();
  }

  function startAgain(): void {
    overview = null;
    failure = null;
    void load();
    changed();
  }

  // A failed load is tried again; the first device is not waited for long.
  function eachSecond(): void {
    if (failure !== null && Date.now() >= failure.nextTry) startAgain();
    else if (failure !== null) changed(); // the countdown
    if (overview?.devices === 0 && !document.hidden) void load();
  }

  const second = setInterval(eachSecond, 1_000);
  const ends = [listen(hear), streamState.watch(streamChanged), key.watch(startAgain),
    keyFault.watch((fault) => (fault === null ? startAgain() : changed()))];
  void load();
  return {
    overview: () => overview,
    failure: () => failure,
    events: () => events,
    attention, feed, outages, load, startAgain,
    close() {
      clearInterval(second);
      clearTimeout(attentionDue);
      for (const end of ends) end();
    },
  };
}
