// What just happened, newest first. What ended is told too, in grey.
import { html, type TemplateResult } from "lit-html";
import { deviceAddress, fleetAddress } from "../base/address.js";
import { icon, type IconName } from "../base/icons.js";
import { idText } from "../base/ids.js";
import { counted, numberOf } from "../base/numbers.js";
import type { FleetEvent, ProblemKind } from "../base/service.js";
import { briefTimeOf, durationOf, timeOf } from "../base/time.js";
import { rowsWhenNarrow, rowsWhenWide } from "./attention.js";
import { newButton } from "./held.js";
import { clockWords, emptyWords, problemIcons } from "./problems.js";

interface Line {
  level: "is-crit" | "is-warn" | "";
  picture: IconName;
  name: string;
  href: string;
  words: string;
}

// `all`: the page of the last 24 hours, with every event that the service remembers.
export function feedSection(events: FleetEvent[], waiting: number, show: () => void, all = false): TemplateResult {
  const shown = all ? events : events.slice(0, rowsWhenWide);
  return html`<section class="feed" aria-labelledby="feed"><div class="section-head"><h2 id="feed">Just
happened</h2>${newButton(waiting, show)}<a class="more" href=${fleetAddress(all ? {} : { view: "events" })}>${all
    ? "Back to the fleet" : "Last 24\u00a0h"}</a></div>${events.length === 0
    ? html`<p class="quiet">Nothing since the service was started.</p>`
    : html`<div class="row head" aria-hidden="true"><span>Time</span><span></span><span>Event</span></div><ul>${shown.map(
      (event, index) => item(event, !all && index >= rowsWhenNarrow))}</ul>`}</section>`;
}

function item(event: FleetEvent, isWideOnly: boolean): TemplateResult {
  const { level, picture, name, href, words } = lineOf(event);
  return html`<li class=${`${level}${isWideOnly ? " wide-only" : ""}`}><time datetime=${event.time}
title=${timeOf(event.time, true)}>${briefTimeOf(event.time)}</time>${icon(picture)}<p><a class="id" href=${href}
title=${name} aria-label=${name}>${idText(name)}</a><span>${words}</span></p></li>`;
}

function lineOf(event: FleetEvent): Line {
  switch (event.kind) {
    case "problem": {
      const { device_id, problem } = event;
      const device = { name: device_id, href: deviceAddress(device_id) };
      const { kind } = problem;
      const picture = problemIcons[kind];
      const isSilence = kind === "silent";
      if (event.state === "ended")
        return { ...device, level: "", picture: isSilence ? "back" : picture, words: endWords(event) };
      return { ...device, level: isSilence ? "is-crit" : "is-warn", picture, words: beginWords(event) };
    }
    case "outage": {
      const { group, devices, heard, silent } = event.outage;
      const of = { name: group ?? "the whole fleet", href: fleetAddress(group === null ? {} : { group }) };
      if (event.state === "began")
        return { ...of, level: "is-crit", picture: "outage", words: `outage, ${numberOf(silent)} devices` };
      return { ...of, level: "", picture: "back", words: `outage over, ${numberOf(heard)} of ${numberOf(devices)} back` };
    }
    case "removed": {
      const { device_id, devices = 1, prefix } = event;
      const line = { level: "", picture: "x" } as const;
      if (device_id !== undefined)
        return { ...line, name: device_id, href: deviceAddress(device_id), words: "removed" };
      const name = prefix === undefined ? "silent devices" : `${prefix}…`;
      return { ...line, name, href: fleetAddress(prefix === undefined ? {} : { prefix }), words: `${counted(devices, "device")} removed` };
    }
    case "muted":
    case "unmuted": {
      const { device_id, prefix = "", until } = event;
      const of = device_id === undefined ? { name: `${prefix}…`, href: fleetAddress({ prefix }) }
        : { name: device_id, href: deviceAddress(device_id) };
      const words = event.kind === "unmuted" || !until ? "no longer muted" : `muted until ${briefTimeOf(until)}`;
      return { ...of, level: "", picture: "muted", words };
    }
  }
}

type ProblemEvent = Extract<FleetEvent, { kind: "problem" }>;

function beginWords({ problem: { kind, days_to_empty, seconds } }: ProblemEvent): string {
  const words: Record<ProblemKind, string> = {
    silent: "silent", battery_low: "battery low", battery_falling: emptyWords(days_to_empty), weak_signal: "weak signal",
    clock: clockWords(seconds), flapping: "flapping",
  };
  return words[kind];
}

function endWords({ time, problem: { kind, since, until } }: ProblemEvent): string {
  const words: Record<ProblemKind, string> = {
    silent: `back after ${durationOf((Date.parse(until ?? time) - Date.parse(since)) / 1_000)}`,
    battery_low: "battery no longer low", battery_falling: "battery no longer falls fast",
    weak_signal: "signal no longer weak", clock: "clock right again", flapping: "steady again",
  };
  return words[kind];
}
