// The page of the fleet: it answers in this order whether the fleet is well, what is broken, how it looks, which devices.
import { html, nothing, render, type TemplateResult } from "lit-html";
import { errorPage } from "../base/error_page.js";
import { keyPage } from "../base/key_dialog.js";
import { key, keyFault } from "../base/key.js";
import { latency } from "../base/latency.js";
import { scrollOfReturn, type Page } from "../base/router.js";
import type { Overview } from "../base/service.js";
import { drawing } from "../base/watched.js";
import { attentionSection } from "./attention.js";
import { fleetData } from "./data.js";
import { feedSection } from "./feed.js";
import { listOf } from "./filter.js";
import { outagesSection } from "./outages.js";
import { sentence, titleOf } from "./sentence.js";
import { emptyFleet, exampleCommand, loading } from "./states.js";
import { strip } from "./strip.js";
import { deviceTable } from "./table/table.js";

const loadingAfter = 200; // ms
const agesGrowEvery = 10_000; // ms

export function openFleet(main: HTMLElement, first: URL): Page {
  let url = first;
  let scroll = scrollOfReturn(); // is restored when there is something to scroll
  let isLate = false; // the data let the page wait
  let isClosed = false;
  const command = exampleCommand();
  const devices = document.createElement("section");
  devices.className = "rows devices";
  devices.setAttribute("aria-labelledby", "dev");
  const draw = drawing(() => isClosed || drawNow());
  const data = fleetData(draw);
  const table = deviceTable(devices, listOf(url));

  function fleetView(overview: Overview): TemplateResult {
    const { attention, feed, outages } = data;
    const showsEvents = url.searchParams.get("view") === "events";
    const happened = feedSection(feed.shown() ?? [], feed.waiting(), feed.show, showsEvents);
    if (showsEvents) return html`${sentence(overview, data.events())}${happened}`;
    const rows = attention.shown();
    return html`${sentence(overview, data.events())}${outagesSection(overview, outages.shown() ?? [], outages.waiting(),
      outages.show)}${strip(overview)}<div class="now">${rows === null ? nothing
      : attentionSection(rows, attention.waiting(), attention.show)}${happened}</div>${devices}`;
  }

  function drawNow(): void {
    const overview = data.overview();
    const failure = data.failure();
    if (keyFault.get() !== null) return void render(keyPage(), main);
    if (overview === null && failure !== null) return void render(errorPage(failure, data.startAgain), main);
    if (overview === null) return void render(isLate ? loading() : nothing, main);
    document.title = titleOf(overview);
    if (overview.devices === 0) return void render(emptyFleet(command), main);
    render(fleetView(overview), main);
    table.fleetHas(overview.devices);
    if (scroll !== null) table.scrollBackTo(scroll);
    scroll = null;
  }

  const ends = [latency.watch(draw), key.watch(table.sortAgain)];
  const ages = setInterval(draw, agesGrowEvery);
  setTimeout(() => {
    isLate = true;
    draw();
  }, loadingAfter);
  return {
    moved(next) {
      url = next;
      scroll = scrollOfReturn();
      table.show(listOf(url), scroll !== null);
      draw();
    },
    close() {
      isClosed = true;
      clearInterval(ages);
      for (const end of ends) end();
      data.close();
      table.close();
    },
  };
}
