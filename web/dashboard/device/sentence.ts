// The sentence at the head of the page: what is wrong, if anything, and what to know about it.
import type { Problem } from "../base/service.js";
import type { IconName } from "../base/icons.js";
import { ageOf, durationOf, rhythmOf, timeOf } from "../base/time.js";
import { counted, numberOf, withUnit } from "../base/numbers.js";
import type { DeviceStatus } from "./status.js";

export interface Trouble {
  icon: IconName;
  tone: "is-crit" | "is-warn" | "is-muted";
  text: string;
}

export interface Sentence {
  troubles: Trouble[]; // most severe first
  rest: string;
}

export function sentenceOf(status: DeviceStatus): Sentence {
  const troubles = [...silenceOf(status), ...problemsOf(status), ...muteOf(status)];
  return { troubles, rest: [heardText(status), valuesText(status)].join(" ") };
}

function silenceOf({ stale, outage, group, last_heard }: DeviceStatus): Trouble[] {
  if (!stale) return [];
  const since = `Silent for ${ageOf(last_heard)}`;
  if (!outage) return [{ icon: "silent", tone: "is-crit", text: `${since}.` }];
  return [{ icon: "outage", tone: "is-crit", text: `${since}, in an outage of ${group ? `group ${group}` : "the fleet"}.` }];
}

// Of a silent device the readings say the rest.
function problemsOf({ problems = [], stale, battery_level, rssi }: DeviceStatus): Trouble[] {
  const said = problems.filter(({ kind }) => kind !== "silent" && (!stale || kind === "flapping"));
  return said.map((problem) => troubleOf(problem, battery_level, rssi));
}

function troubleOf(problem: Problem, battery: number, rssi: number): Trouble {
  const tone = "is-warn";
  switch (problem.kind) {
    case "battery_low":
      return { icon: "battery", tone, text: `Battery low, ${withUnit(battery, "%")}.` };
    case "battery_falling":
      return { icon: "falling", tone, text: `Battery empty in ${daysText(problem.days_to_empty)}.` };
    case "weak_signal":
      return { icon: "weak", tone, text: `Signal weak, ${withUnit(rssi, "dBm")}.` };
    case "clock":
      return { icon: "clock", tone, text: `Clock ${clockText(problem.seconds ?? 0)}.` };
    case "flapping":
      return { icon: "flapping", tone, text: `Away ${counted(problem.departures ?? 5, "time")} within 2\u00a0h.` };
    case "silent":
      return { icon: "silent", tone: "is-crit", text: "Silent." };
  }
}

function muteOf({ muted }: DeviceStatus): Trouble[] {
  return muted ? [{ icon: "muted", tone: "is-muted", text: `Muted until ${timeOf(muted)}.` }] : [];
}

function heardText({ stale, last_heard, usual_seconds, was_due, due }: DeviceStatus): string {
  const usual = usual_seconds ? `usually every ${rhythmOf(usual_seconds)}` : "its rhythm is not known yet";
  const parts = stale
    ? [usual, `last heard ${timeOf(last_heard)}`, was_due && `was due ${timeOf(was_due)}`]
    : [`heard ${ageOf(last_heard)} ago`, usual, due && `due by ${timeOf(due)}`];
  const text = parts.filter(Boolean).join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function valuesText({ stale, battery_level, online }: DeviceStatus): string {
  const said = online ? "online" : "offline";
  const battery = withUnit(battery_level, "%");
  return stale
    ? `Its battery was at ${battery} and it said ${said} before it went quiet.`
    : `Its battery is at ${battery}, and it says ${said}.`;
}

export const daysText = (days = 0): string => (days < 1 ? "less than a day" : counted(Math.round(days), "day"));

// Positive: the clock is fast.
export function clockText(seconds: number): string {
  return `${durationOf(Math.abs(seconds))} ${seconds > 0 ? "fast" : "slow"}`;
}

export const pointsText = (points: number): string => `${numberOf(points, 1)} points`;
