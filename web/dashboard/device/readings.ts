// The five readings below the sentence.
import { ageOf, dayOf, isToday, clockOf, durationOf, rhythmOf, timeOf } from "../base/time.js";
import { numberOf, withUnit } from "../base/numbers.js";
import type { ProblemKind } from "../base/service.js";
import type { Bucket } from "./history/bucket.js";
import type { Report } from "./reports/report.js";
import { clockErrorOf } from "./reports/notes.js";
import type { DeviceStatus } from "./status.js";
import { daysText, pointsText } from "./sentence.js";
import { day } from "./times.js";

export interface Reading {
  name: string;
  value: string;
  small?: string;
  tone?: "is-crit" | "is-warn";
  note: string;
}

const unknown = "\u00a0"; // as high as what will stand there

// `month`: the buckets of the last 30 days. `reports`: the latest first; as far as they are known.
export function readingsOf(status: DeviceStatus, month: Bucket[], reports: Report[]): Reading[] {
  return [
    heardReading(status),
    batteryReading(status, month),
    signalReading(status, month),
    saidReading(status, reports),
    clockReading(status, reports),
  ];
}

const briefly = (time: string | number): string => (isToday(time) ? clockOf(time) : dayOf(time));
const problemOf = ({ problems = [] }: DeviceStatus, kind: ProblemKind) =>
  problems.find((problem) => problem.kind === kind);

function heardReading({ stale, last_heard, was_due, due, usual_seconds }: DeviceStatus): Reading {
  const dueText = stale ? was_due && `was due by ${timeOf(was_due)}` : due && `due by ${timeOf(due)}`;
  const usual = usual_seconds ? `usually every ${rhythmOf(usual_seconds)}` : "rhythm not known yet";
  return {
    name: "Last heard",
    value: timeOf(last_heard, true),
    small: `${ageOf(last_heard)} ago`,
    ...(stale && { tone: "is-crit" }),
    note: [dueText, usual].filter(Boolean).join(", "),
  };
}

function batteryReading(status: DeviceStatus, month: Bucket[]): Reading {
  const low = problemOf(status, "battery_low");
  const falling = problemOf(status, "battery_falling");
  const drain = drainOf(month);
  const note = [
    low && `low since ${briefly(low.since)}`,
    falling && `empty in ${daysText(falling.days_to_empty)}`,
    drain !== null && (drain >= 0.05 ? `${pointsText(drain)} a day` : "steady"),
  ];
  return {
    name: "Battery",
    value: withUnit(status.battery_level, "%"),
    ...((low ?? falling) && { tone: "is-warn" }),
    note: note.filter(Boolean).join(", "),
  };
}

// Points a day over the last week, since the battery was last charged or changed; null if less than a day is known.
export function drainOf(month: Bucket[]): number | null {
  const known = month.filter(({ battery }) => battery !== null);
  const end = known.at(-1);
  if (end === undefined) return null;
  let begin = end;
  for (const bucket of [...known].reverse()) {
    if (bucket.from < end.from - 7 * day || meanOf(bucket) < meanOf(begin) - 5) break;
    begin = bucket;
  }
  const days = (end.from - begin.from) / day;
  return days < 1 ? null : Math.max(0, (meanOf(begin) - meanOf(end)) / days);
}

const meanOf = ({ battery }: Bucket): number => battery?.mean ?? 0;

function signalReading(status: DeviceStatus, month: Bucket[]): Reading {
  const usual = usualSignalOf(month);
  return {
    name: "Signal",
    value: withUnit(status.rssi, "dBm"),
    ...(problemOf(status, "weak_signal") && { tone: "is-warn" }),
    note: usual === null ? "" : signalNote(status.rssi, usual),
  };
}

function signalNote(rssi: number, usual: number): string {
  const difference = rssi - usual;
  if (Math.abs(difference) < 3) return `as usual, ${numberOf(usual)}`;
  return `${numberOf(Math.abs(difference))} ${difference < 0 ? "below" : "above"} its usual ${numberOf(usual)}`;
}

// The median of the buckets' means, in dBm.
export function usualSignalOf(month: Bucket[]): number | null {
  const means = month.flatMap(({ rssi }) => (rssi === null ? [] : [rssi.mean])).sort((one, other) => one - other);
  const median = means[Math.floor(means.length / 2)];
  return median === undefined ? null : Math.round(median);
}

function saidReading({ online }: DeviceStatus, reports: Report[]): Reading {
  const turn = reports.reduce((latest, report) => (report.online === online ? latest : Math.max(latest, report.own)), 0);
  const since = reports.reduce((first, { own }) => (own > turn ? Math.min(first, own) : first), Infinity);
  const note = since === Infinity ? null
    : turn === 0 ? `since ${briefly(since)} or before` : `since ${timeOf(since)}, as it reported`;
  return { name: "Reported", value: online ? "Online" : "Offline", note: note ?? "as it reported" };
}

function clockReading(status: DeviceStatus, reports: Report[]): Reading {
  const problem = problemOf(status, "clock");
  const seen = clockErrorOf(reports);
  if (!problem && seen === null) return { name: "Clock", value: unknown, note: unknown };
  const error = problem?.seconds ?? (seen ?? 0) / 1000;
  const value = Math.abs(error) < 1 ? "In time" : `${durationOf(Math.abs(error))} ${error > 0 ? "fast" : "late"}`;
  return {
    name: "Clock",
    value,
    ...(problem && { tone: "is-warn" }),
    note: problem ? `wrong since ${briefly(problem.since)}` : "by its latest reports",
  };
}
