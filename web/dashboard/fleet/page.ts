// The page of the fleet: it answers in this order whether the fleet is well, what is broken, how it looks, which devices.
import { html, nothing, render, type TemplateResult } from "lit-html";
import { getJson, ServiceError } from "../base/api.js";
import { errorPage } from "../base/error_page.js";
import { keyPage } from "../base/key_dialog.js";
import { key, keyFault } from "../base/key.js";
import { latency } from "../base/latency.js";
import { listen } from "../base/live.js";
import { scrollOfReturn, type Page } from "../base/router.js";
import type { AttentionPage, FleetEvent, Overview } from "../base/service.js";
import { setServiceTime } from "../base/time.js";
import { drawing } from "../base/watched.js";
import { attentionSection, rowsWhenWide } from "./attention.js";
import { feedSection } from "./feed.js";
import { listOf } from "./filter.js";
import { held } from "./held.js";
import { noteOutages, outagesSection } from "./outages.js";
import { sentence, titleOf } from "./sentence.js";
import { emptyFleet, exampleCommand, loading } from "./states.js";
import { strip } from "./strip.js";
import { deviceTable } from "./table/table.js";

const loadingAfter = 200; // ms
const attentionAtMostEvery = 3_000; // ms
const firstRetry = 2_000; // ms
const longestRetry = 30_000;
const eventsKept = 1_000;

export function openFleet(main: HTMLElement, first: URL): Page {
  let url = first;
  let overview: Overview | null = null;
  let failed: { error: ServiceError; nextTry: number } | null = null;
  let retry = firstRetry;
  let scroll = scrollOfReturn(); // is restored when there is something to scroll
  let isLate = false; // the data let the page wait
  let attentionDue = 0; // a timer
  let isClosed = false;
  const devices = document.createElement("section");
  devices.className = "rows devices";
  devices.setAttribute("aria-labelledby", "dev");
  const table = deviceTable(devices, listOf(url));

  const draw = drawing(drawNow);
  const attention = held<AttentionPage>(".attention", (next, shown) => {
    const known = new Set(shown.devices.map(({ device_id }) => device_id));
    return next.devices.filter(({ device_id }) => !known.has(device_id)).length;
  }, draw);
  const feed = held<FleetEvent[]>(".feed", (next, shown) => next.length - shown.length, draw);
  let events: FleetEvent[] = [];

  const command = exampleCommand();

  const showsEvents = (): boolean => url.searchParams.get("view") === "events";

  function take(next: Overview): void {
    overview = next;
    setServiceTime(next.time);
    noteOutages(next);
    table.fleetHas(next.devices);
    draw();
  }

  async function load(): Promise<void> {
    try {
      // Without the rest the page says less, but it says it.
      const rest = [loadAttention(), loadEvents()].map((loaded) => loaded.catch(() => {}));
      const [next] = await Promise.all([getJson<Overview>("fleet/overview"), ...rest]);
      failed = null;
      retry = firstRetry;
      take(next);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status === 401) return draw();
      const wait = error.retryAfter === null ? retry : error.retryAfter * 1_000;
      failed = { error, nextTry: Date.now() + wait };
      retry = Math.min(longestRetry, retry * 2);
      draw();
    }
  }

  async function loadAttention(): Promise<void> {
    attention.offer(await getJson<AttentionPage>("fleet/attention", { query: { limit: rowsWhenWide } }));
  }

  async function loadEvents(): Promise<void> {
    const answer = await getJson<{ events: FleetEvent[] }>("fleet/events", { query: { limit: showsEvents() ? eventsKept : 100 } });
    events = answer.events;
    feed.offer(events);
  }

  // Many problems may begin at once.
  function attentionChanged(): void {
    attentionDue ||= setTimeout(() => {
      attentionDue = 0;
      loadAttention().catch(() => {}); // the next problem, or the next page, finds it
    }, attentionAtMostEvery) as unknown as number;
  }

  function tryNow(): void {
    failed = null;
    draw();
    void load();
  }

  function fleetView(seen: Overview): TemplateResult {
    const rows = attention.shown();
    const happened = feedSection(feed.shown() ?? [], feed.waiting(), feed.show, showsEvents());
    if (showsEvents()) return html`${sentence(seen, events)}${happened}`;
    return html`${sentence(seen, events)}${outagesSection(seen)}${strip(seen)}<div class="now">${rows === null ? nothing
      : attentionSection(rows, attention.waiting(), attention.show)}${happened}</div>${devices}`;
  }

  function drawNow(): void {
    if (isClosed) return;
    if (keyFault.get() !== null) return void render(keyPage(), main);
    if (overview === null && failed !== null) return void render(errorPage(failed, tryNow), main);
    if (overview === null) return void render(isLate ? loading() : nothing, main);
    document.title = titleOf(overview);
    if (overview.devices === 0) return void render(emptyFleet(command), main);
    render(fleetView(overview), main);
    if (scroll !== null) table.scrollBackTo(scroll);
    scroll = null;
  }

  function startAgain(): void {
    overview = null;
    table.sortAgain();
    void load();
    draw();
  }

  const ends = [
    listen((event) => {
      if (event.kind === "overview") take(event.data);
      if (event.kind === "reset") void load();
      if (event.kind === "problem" || event.kind === "outage") {
        events = [event.data, ...events].slice(0, eventsKept);
        feed.offer(events);
        attentionChanged();
      }
    }),
    key.watch(startAgain),
    keyFault.watch((fault) => (fault === null ? startAgain() : draw())),
    latency.watch(draw),
  ];
  // Ages grow, a countdown runs; a page that failed tries again.
  const second = setInterval(() => {
    if (failed !== null && Date.now() >= failed.nextTry) tryNow();
    if (overview?.devices === 0 && !document.hidden) void load(); // the first device is not waited for long
    if (failed !== null || new Date().getSeconds() % 10 === 0) draw();
  }, 1_000);
  setTimeout(() => {
    isLate = true;
    draw();
  }, loadingAfter);
  void load();
  return {
    moved(next) {
      url = next;
      if (showsEvents()) {
        scrollTo(0, 0);
        void loadEvents().catch(() => {});
        return draw();
      }
      scroll = scrollOfReturn();
      table.show(listOf(url), scroll !== null);
      draw();
    },
    close() {
      isClosed = true;
      clearInterval(second);
      clearTimeout(attentionDue);
      for (const end of ends) end();
      table.close();
    },
  };
}
