// A report of the device, as the service keeps it.
import { remembered } from "../remembered.js";

export interface Report {
  own: number; // the device's own time, in ms
  received: number; // when the service received it, in ms
  battery: number; // percent
  rssi: number; // dBm
  online: boolean;
}

interface Line {
  timestamp: string;
  created_at: string;
  battery_level: number;
  rssi: number;
  online: boolean;
}

// A line of the history as NDJSON.
export function reportOfLine(line: string): Report {
  const { timestamp, created_at, battery_level, rssi, online } = JSON.parse(line) as Line;
  return { own: Date.parse(timestamp), received: Date.parse(created_at), battery: battery_level, rssi, online };
}

// By receipt, the latest first; of those received at once, the one with the latest own time first.
export function latestFirst(reports: readonly Report[]): Report[] {
  return [...reports].sort((one, other) => other.received - one.received || other.own - one.own);
}

// When they were received, oldest first. `reports`: the latest first.
export const receiptsOf = remembered((reports: readonly Report[]): number[] =>
  reports.map(({ received }) => received).reverse());

// `known` and those of `page` that are not in it. Two equal reports are one, as in the service's history.
export function merged(known: readonly Report[], page: readonly Report[]): Report[] {
  const oldest = Math.min(...page.map(({ own }) => own));
  const there = new Set(known.filter(({ own }) => own >= oldest).map(keyOf));
  const fresh = page.filter((report) => !there.has(keyOf(report)));
  return fresh.length === 0 ? [...known] : latestFirst([...fresh, ...known]);
}

const keyOf = ({ own, received, battery, rssi, online }: Report): string =>
  [own, received, battery, rssi, online].join(" ");
