// Which devices the table lists, and in which order: the query of the page's address, in the summary's own parameters.
import { fleetAddress, type Query } from "../base/address.js";
import { numberOf } from "../base/numbers.js";
import type { Device, ProblemKind } from "../base/service.js";
import { durationOf } from "../base/time.js";

export const filterNames = ["q", "prefix", "problem", "group", "stale", "online", "battery_below", "rssi_below", "silent_for",
  "muted"] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;

export const sortKeys = ["device_id", "battery_level", "rssi", "last_heard", "last_update"] as const;
export type SortKey = (typeof sortKeys)[number];

export interface List {
  filter: Filter;
  sort: SortKey;
  order: "asc" | "desc";
}

export function listOf(url: URL): List {
  const filter: Filter = {};
  for (const name of filterNames) {
    const value = url.searchParams.get(name);
    if (value !== null && value !== "") filter[name] = value;
  }
  const sort = sortKeys.find((key) => key === url.searchParams.get("sort")) ?? "device_id";
  return { filter, sort, order: url.searchParams.get("order") === "desc" ? "desc" : "asc" };
}

// For the summary, or for the page's own address, which leaves the usual order out.
export const summaryQuery = ({ filter, sort, order }: List): Query => ({ ...filter, sort, order });
export function hrefOf({ filter, sort, order }: List): string {
  const inOrder = Object.fromEntries(filterNames.map((name) => [name, filter[name]]));
  const isUsual = sort === "device_id" && order === "asc";
  return fleetAddress({ ...inOrder, ...(isUsual ? {} : { sort, order }) });
}

export function without({ filter, ...order }: List, name: FilterName): List {
  const { [name]: _, ...rest } = filter;
  return { filter: rest, ...order };
}

export const hasFilter = ({ filter }: List): boolean => Object.keys(filter).length > 0;

export const problemNames: Record<ProblemKind | "any" | "outage", string> = {
  any: "Any problem", outage: "In an outage", silent: "Silent", battery_low: "Battery low",
  battery_falling: "Battery falls fast", weak_signal: "Weak signal", flapping: "Flapping", clock: "Wrong clock",
};

const problemClauses: Record<string, string> = {
  any: "has a problem", outage: "is in an outage", silent: "is silent", battery_low: "has a low battery",
  battery_falling: "has a battery that falls fast", weak_signal: "has a weak signal", flapping: "is flapping",
  clock: "has a wrong clock",
};

const isTrue = (value: string): boolean => value === "true";

function durationInWords(value: string): string {
  const [, count, unit] = /^(\d+)([smhd]?)$/.exec(value) ?? [];
  const size = { s: 1, m: 60, h: 3_600, d: 86_400 }[unit || "s"] ?? 1;
  return count === undefined ? value : durationOf(Number(count) * size);
}

// What a chip says, and what a sentence says of devices of which there are none.
const words: Record<FilterName, { chip(value: string): string; clause(value: string): string }> = {
  q: { chip: (text) => `Id has “${text}”`, clause: (text) => `has “${text}” in its id` },
  prefix: { chip: (text) => `Id begins with ${text}`, clause: (text) => `has an id that begins with “${text}”` },
  problem: {
    chip: (kind) => problemNames[kind as ProblemKind] ?? kind,
    clause: (kind) => problemClauses[kind] ?? `has the problem ${kind}`,
  },
  group: { chip: (group) => `Group ${group}`, clause: (group) => `is in group ${group}` },
  stale: {
    chip: (stale) => (isTrue(stale) ? "Silent or in an outage" : "Heard in time"),
    clause: (stale) => (isTrue(stale) ? "is silent" : "was heard in time"),
  },
  online: {
    chip: (online) => (isTrue(online) ? "Reported online" : "Reported offline"),
    clause: (online) => (isTrue(online) ? "reported online" : "reported offline"),
  },
  battery_below: {
    chip: (level) => `Battery below ${level}\u00a0%`,
    clause: (level) => `has a battery below ${level}\u00a0%`,
  },
  rssi_below: {
    chip: (level) => `Signal below ${numberOf(Number(level))}\u00a0dBm`,
    clause: (level) => `has a signal below ${numberOf(Number(level))}\u00a0dBm`,
  },
  silent_for: {
    chip: (time) => `Silent for ${durationInWords(time)}`,
    clause: (time) => `was silent for ${durationInWords(time)}`,
  },
  muted: {
    chip: (muted) => (isTrue(muted) ? "Muted" : "Not muted"),
    clause: (muted) => (isTrue(muted) ? "is muted" : "is not muted"),
  },
};

export const chipOf = (name: FilterName, value: string): string => words[name].chip(value);
export const chips = ({ filter }: List): [FilterName, string][] =>
  filterNames.filter((name) => name !== "q" && filter[name] !== undefined)
    .map((name) => [name, chipOf(name, filter[name]!)]);

// "No device of group gw07 has “kitchne” in its id"
export function noMatchSentence({ filter }: List): string {
  const names = filterNames.filter((name) => filter[name] !== undefined);
  const clauses = names.filter((name) => name !== "group" || names.length === 1)
    .map((name) => words[name].clause(filter[name]!));
  const last = clauses.pop() ?? "exists";
  const ofGroup = filter.group !== undefined && names.length > 1 ? ` of group ${filter.group}` : "";
  return `No device${ofGroup} ${clauses.length > 0 ? `${clauses.join(", ")} and ` : ""}${last}`;
}

// Whether a device still is one of those that the filter asks for.
export function matches({ filter }: List, device: Device): boolean {
  const { problem, group, stale, online, battery_below, rssi_below, muted } = filter;
  const is = (wanted: string | undefined, value: boolean): boolean => wanted === undefined || isTrue(wanted) === value;
  return is(stale, device.stale) && is(online, device.online) && is(muted, Boolean(device.muted))
    && (group === undefined || device.group === group)
    && (battery_below === undefined || device.battery_level < Number(battery_below))
    && (rssi_below === undefined || device.rssi < Number(rssi_below))
    && (problem === undefined || hasProblem(device, problem));
}

function hasProblem({ problems = [], outage, muted }: Device, kind: string): boolean {
  if (kind === "outage") return outage === true;
  return !muted && (kind === "any" ? problems.length > 0 : problems.some((problem) => problem.kind === kind));
}
