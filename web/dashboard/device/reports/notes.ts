// What is worth saying about a report beside its values.
import { minute } from "../times.js";
import type { Report } from "./report.js";

export type Note =
  | { kind: "late"; by: number } // ms
  | { kind: "ahead"; by: number } // ms
  | { kind: "twice" }
  | { kind: "offline" }
  | { kind: "online" };

// Below that a report is not late: clocks are a little off, and networks are slow.
const lateFrom = minute;
const clockReports = 100; // the latest; a device may send some dozens of them at once

export interface NotedReport {
  report: Report;
  after: number | null; // ms since the report before; null for the first that is known
  notes: Note[];
}

// `reports`: by receipt, the latest first. `clockError`: how much the device's clock is fast, in ms.
export function noted(reports: readonly Report[], clockError: number): NotedReport[] {
  const before = nextByOwnTime(reports);
  return reports.map((report, index) => {
    const earlier = reports[index + 1];
    return {
      report,
      after: earlier === undefined ? null : report.received - earlier.received,
      notes: notesOf(report, before.get(report), clockError),
    };
  });
}

function notesOf(report: Report, before: Report | undefined, clockError: number): Note[] {
  const notes: Note[] = [];
  const delay = report.received - (report.own - clockError);
  if (delay >= lateFrom) notes.push({ kind: "late", by: delay });
  if (delay <= -lateFrom) notes.push({ kind: "ahead", by: -delay });
  if (before === undefined) return notes;
  if (before.own === report.own) notes.push({ kind: "twice" });
  if (before.online !== report.online) notes.push({ kind: report.online ? "online" : "offline" });
  return notes;
}

// For each report the one before it by the device's own time.
function nextByOwnTime(reports: readonly Report[]): Map<Report, Report> {
  const sorted = [...reports].sort((one, other) => one.own - other.own || one.received - other.received);
  return new Map(sorted.slice(1).map((report, index) => [report, sorted[index] ?? report]));
}

// How much the device's clock is fast, in ms: by the reports that were under way for the shortest time. The very first of
// them may be a freak, so the second counts.
export function clockErrorOf(reports: readonly Report[]): number | null {
  const [first, second] = reports
    .slice(0, clockReports)
    .map((report) => report.own - report.received)
    .sort((one, other) => other - one);
  return second ?? first ?? null;
}
