// Problems in words, each with its own shape: never by colour alone.
import { html, type TemplateResult } from "lit-html";
import { icon, type IconName } from "../base/icons.js";
import { counted, withUnit } from "../base/numbers.js";
import type { Device, Problem, ProblemKind } from "../base/service.js";
import { ageOf, briefTimeOf, durationOf } from "../base/time.js";

export const problemIcons: Record<ProblemKind, IconName> = {
  silent: "silent", battery_low: "battery", battery_falling: "falling", weak_signal: "weak", clock: "clock",
  flapping: "flapping",
};

const space = "\u00a0";

export function emptyWords(days: number | undefined): string {
  if (days === undefined) return "falls fast";
  return days < 1 ? "empty today" : `empty in ${Math.round(days)}${space}d`;
}
export const clockWords = (seconds = 0): string => `clock ${durationOf(Math.abs(seconds))} ${seconds < 0 ? "slow" : "fast"}`;

type Reading = Pick<Device, "battery_level" | "rssi" | "last_heard">;

// `brief`: beside columns that have the reading itself.
function wordsOf({ kind, days_to_empty, seconds, departures = 0 }: Problem, device: Reading, brief: boolean): string {
  switch (kind) {
    case "silent": return `silent ${ageOf(device.last_heard)}`;
    case "battery_low": return brief ? "battery low" : `battery ${withUnit(device.battery_level, "%")}`;
    case "battery_falling": return emptyWords(days_to_empty);
    case "weak_signal": return brief ? "weak signal" : `weak ${withUnit(device.rssi, "dBm")}`;
    case "clock": return clockWords(seconds);
    case "flapping": return brief ? "flapping" : `away ${counted(departures, "time")} in 2${space}h`;
  }
}

const tag = (level: "is-crit" | "is-warn" | "is-muted", picture: IconName, words: string): TemplateResult =>
  html`<span class="problem ${level}">${icon(picture)}<span>${words}</span></span>`;

const problemTag = (problem: Problem, device: Reading, brief: boolean): TemplateResult =>
  tag(problem.kind === "silent" ? "is-crit" : "is-warn", problemIcons[problem.kind], wordsOf(problem, device, brief));

export const problemTags = (problems: Problem[], device: Reading): TemplateResult[] =>
  problems.map((problem) => problemTag(problem, device, false));

// What the table says of a device in its column "State".
export function stateTags(device: Device): TemplateResult[] {
  if (device.muted) return [tag("is-muted", "muted", `muted until ${briefTimeOf(device.muted)}`)];
  const problems = device.problems ?? [];
  const tags = problems.map((problem) => problemTag(problem, device, true));
  const isSilentOnly = device.stale && !problems.some(({ kind }) => kind === "silent");
  if (device.outage) tags.unshift(tag("is-crit", "outage", `outage ${device.group ?? "of the whole fleet"}`));
  else if (isSilentOnly) tags.unshift(tag("is-crit", "silent", `silent ${ageOf(device.last_heard)}`));
  return tags.length > 0 ? tags : [html`<span class="problem fine">in time</span>`];
}
