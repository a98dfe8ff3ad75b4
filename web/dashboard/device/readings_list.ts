// The five readings, drawn.
import { html, nothing, type TemplateResult } from "lit-html";
import type { Changes } from "./changes.js";
import type { Device } from "./device.js";
import { readingsOf, type Reading } from "./readings.js";
import type { DeviceStatus } from "./status.js";

export function readings(device: Device, status: DeviceStatus, changes: Changes): TemplateResult {
  const month = device.parts.histories.get("30d")?.buckets ?? [];
  return html`<dl class="readings">${readingsOf(status, month, device.parts.reports?.reports ?? []).map((each) =>
    reading(each, changes.isFresh(each.name, each.value)))}</dl>`;
}

function reading({ name, value, small, tone, note }: Reading, isFresh: boolean): TemplateResult {
  return html`<div><dt>${name}</dt><dd class=${tone ?? nothing}><span
  class=${isFresh ? "changed" : nothing}>${value}</span>${small ? html` <small>${small}</small>` : nothing
  }</dd><dd class="note">${note}</dd></div>`;
}
