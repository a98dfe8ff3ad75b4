// The reports of the device: the latest ones, or page by page all of them.
import { html, nothing, type TemplateResult } from "lit-html";
import { icon } from "../../base/icons.js";
import { clockOf, durationOf, isToday, rhythmOf, timeOf } from "../../base/time.js";
import { numberOf } from "../../base/numbers.js";
import { reportPage, type ReportPage } from "../data.js";
import type { Device } from "../device.js";
import { downloadCsv } from "../../base/download.js";
import { ghostRows } from "../states.js";
import { linkWith, type View } from "../view.js";
import { clockErrorOf, noted, type NotedReport, type Note } from "./notes.js";
import { latestFirst } from "./report.js";

const latestCount = 9;
const pageSize = 50;
const lowBattery = 20; // below this the service calls a battery low

export interface ReportsSection {
  draw(device: Device, view: View): TemplateResult;
  close(): void;
}

export function openReports(redraw: () => void): ReportsSection {
  const stop = new AbortController();
  let cursors: (string | null)[] = [null]; // of the pages up to the one shown
  let page: ReportPage | "on its way" | null = null;
  let failure = "";

  function turnTo(device: Device, to: (string | null)[]): void {
    cursors = to;
    page = "on its way";
    failure = "";
    redraw();
    reportPage(device.id, pageSize, to.at(-1) ?? null, stop.signal).then(
      (loaded) => (page = loaded),
      (error: unknown) => {
        page = null;
        failure = error instanceof Error ? error.message : String(error);
      }).finally(redraw);
  }

  function shownReports(device: Device, all: boolean): NotedReport[] | null {
    const known = device.parts.reports?.reports ?? null;
    const clockError = clockErrorOf(known ?? []) ?? 0;
    if (!all) return known && noted(known.slice(0, latestCount + 20), clockError).slice(0, latestCount);
    if (page === null && failure === "") turnTo(device, [null]);
    return page === null || page === "on its way" ? null : noted(latestFirst(page.reports), clockError);
  }

  function pager(device: Device): TemplateResult {
    const next = page !== null && page !== "on its way" ? page.next : null;
    return html`<p class="actions pager"><button class="button" ?disabled=${cursors.length === 1}
  @click=${() => turnTo(device, cursors.slice(0, -1))}>Newer</button><button class="button" ?disabled=${next === null}
  @click=${() => turnTo(device, [...cursors, next])}>Older</button><span class="quiet">Page ${numberOf(cursors.length)}${
    device.parts.extent ? ` of ${numberOf(Math.max(1, Math.ceil(device.parts.extent.total / pageSize)))}` : ""}</span></p>`;
  }

  return {
    draw(device, { allReports }) {
      if (!allReports) page = null;
      const rows = shownReports(device, allReports);
      const days = rows?.some(({ report }) => !isToday(report.received)) ? "days" : "";
      const total = device.parts.extent?.total;
      const csv = (event: Event): void => {
        event.preventDefault();
        downloadCsv(`${device.id}-reports`, csvHeads, (rows ?? []).map(csvRow));
      };
      return html`<section class="rows reports ${days}" id="reports" aria-labelledby="rep"><div class="section-head"><h2
  id="rep">Reports</h2><span class="quiet">latest first</span><span class="more"><a href=${allReports ? linkWith({ reports: null })
        : `${linkWith({ reports: "all" })}#reports`}>${allReports ? "The latest" : total ? `All ${numberOf(total)}` : "All"}</a> <a
  href="#reports" download @click=${csv}>CSV</a></span></div>
${failure === "" ? table(rows, total) : html`<p class="problem is-crit" role="alert">${icon("warn")}<span>The reports did not
come: ${failure}</span></p>`}${allReports ? pager(device) : nothing}</section>`;
    },
    close: () => stop.abort(),
  };
}

function table(rows: NotedReport[] | null, total = 0): TemplateResult {
  return html`<div role="table" aria-labelledby="rep" aria-rowcount=${total + 1} aria-busy=${rows === null ? "true" : nothing}><div
  role="rowgroup"><div class="row head" role="row" aria-rowindex="1"><span role="columnheader">Received</span><span
  role="columnheader">Its own time</span><span role="columnheader" class="num">Battery, %</span><span role="columnheader"
  class="num">Signal, dBm</span><span role="columnheader" class="c-says">Reported</span><span role="columnheader"
  class="num">After</span><span role="columnheader">Note</span></div></div>${rows === null ? ghostRows(latestCount)
    : html`<div class="body" role="rowgroup">${rows.map(row)}</div>`}</div>`;
}

function row({ report, after, notes }: NotedReport): TemplateResult {
  const said = notes.map(noteText).join(", ");
  const own = sameDay(report.own, report.received) ? clockOf(report.own, true) : timeOf(report.own);
  return html`<div class="row" role="row"><span role="cell" class="c-at">${timeOf(report.received, true)}</span><span
  role="cell" class="c-own quiet">${own}</span><span role="cell" class="c-bat num ${report.battery < lowBattery ? "low" : ""}">${
    report.battery}<span class="unit"> %</span></span><span role="cell" class="c-rssi num">${numberOf(report.rssi)}<span
  class="unit"> dBm</span></span><span role="cell" class="c-says"><span class="says">${icon(report.online ? "on" : "off")}${
    report.online ? "online" : "offline"}</span></span><span role="cell" class="c-gap num quiet">${after === null ? nothing
    : rhythmOf(after / 1000)}</span><span role="cell" class="c-note quiet" title=${said}>${said}</span></div>`;
}

const sameDay = (one: number, other: number): boolean => new Date(one).toDateString() === new Date(other).toDateString();

export function noteText(note: Note): string {
  switch (note.kind) {
    case "late":
      return `late by ${durationOf(note.by / 1000)}`;
    case "ahead":
      return `ahead by ${durationOf(note.by / 1000)}`;
    case "twice":
      return "sent twice, with other values";
    case "offline":
      return "offline from here on";
    case "online":
      return "online again";
  }
}

const csvHeads = ["received", "own_time", "battery_level", "rssi", "online", "seconds_after", "note"];

function csvRow({ report, after, notes }: NotedReport) {
  return [new Date(report.received).toISOString(), new Date(report.own).toISOString(), report.battery, report.rssi,
    report.online, after === null ? null : after / 1000, notes.map(noteText).join(", ")];
}
