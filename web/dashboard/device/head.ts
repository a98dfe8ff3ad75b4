// The head of the page: where the viewer came from, the id, the sentence, the facts, and "Mute until…".
import { html, nothing, type TemplateResult } from "lit-html";
import { fleetAddress } from "../base/address.js";
import type { FailedLoad } from "../base/error_page.js";
import { icon } from "../base/icons.js";
import { clockOf, dayOf, durationOf } from "../base/time.js";
import { numberOf } from "../base/numbers.js";
import { actionsRefused, reasonId, refusalReason } from "./actions.js";
import { cameFrom } from "./came_from.js";
import type { Device } from "./device.js";
import { muteDialog, unmuteDevice } from "./dialogs/mute_dialog.js";
import { sentenceOf } from "./sentence.js";
import type { DeviceStatus } from "./status.js";
import { linkWith } from "./view.js";

const longId = 40; // characters; a longer one is set smaller

export function head(device: Device, status: DeviceStatus, changed: () => void): TemplateResult {
  const list = cameFrom();
  return html`<div class="device-head"><div class="crumbs"><a class="crumb" href=${list.href}>${icon("left")}<span>${
    list.name}</span></a>${device.removedAt === null ? muteButton(status, changed) : nothing}</div>
${title(device.id)}
${sentence(device, status)}
${facts(device, status)}
${device.failed === null ? nothing : failedLine(device.failed)}${refusalReason()}</div>`;
}

export function title(deviceId: string): TemplateResult {
  return html`<div class="name"><h1 class=${deviceId.length > longId ? "long" : nothing}>${deviceId}</h1><button
  class="button bare" aria-label="Copy the id" title="Copy the id" @click=${(event: Event) =>
    void copy(deviceId, event.currentTarget as HTMLElement)}>${icon("copy")}</button></div>`;
}

// The button's name says that it is done, since nothing else would.
async function copy(text: string, button: HTMLElement): Promise<void> {
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  button.title = done ? "Copied" : "The browser does not allow it";
  button.setAttribute("aria-label", button.title);
}

function muteButton(status: DeviceStatus, changed: () => void): TemplateResult {
  const id = status.device_id;
  const refused = actionsRefused.get();
  if (status.muted)
    return html`<button class="button" ?disabled=${refused} aria-describedby=${refused ? reasonId : nothing}
  @click=${() => void unmuteDevice(id).then(changed)}>${icon("muted")}End the mute</button>`;
  return html`<button class="button" ?disabled=${refused} aria-describedby=${refused ? reasonId : nothing}
  @click=${() => void muteDialog({ deviceId: id }, id).then(changed)}>${icon("muted")}Mute until…</button>`;
}

function sentence({ removedAt }: Device, status: DeviceStatus): TemplateResult {
  if (removedAt !== null)
    return html`<p class="sentence" role="status"><b>This device was removed at ${clockOf(removedAt)}.</b> What stands
here is what was known of it. If it reports again, it comes back as new.</p>`;
  const { troubles, rest } = sentenceOf(status);
  return html`<p class="sentence">${troubles.map(({ icon: name, tone, text }) =>
    html`<span class="problem ${tone}">${icon(name)}${text}</span> `)}${rest}</p>`;
}

// What could not be loaded; what stands here is from before.
function failedLine({ error, nextTry }: FailedLoad): TemplateResult {
  const seconds = Math.max(1, (nextTry - Date.now()) / 1000);
  const said = error.status === 0 ? "The service does not answer" : `The service answered ${error.status} to ${error.path}`;
  return html`<p class="quiet">${said}${error.detail === "" ? "" : `: ${error.detail}`}. This page tries again in
${durationOf(seconds)}.</p>`;
}

function facts({ parts: { extent }, fleet }: Device, { group }: DeviceStatus): TemplateResult {
  return html`<p class="facts">${group
    ? html`<span>${fleet?.group_by === "key" ? "Reports with key" : "Group"} <a href=${fleetAddress({ group })}>${group}</a></span>` : nothing}${extent?.first
    ? html`<span>First heard <b>${dayWithYear(extent.first)}</b></span>` : nothing}${extent
    ? html`<span><a href=${`${linkWith({ reports: "all" })}#reports`}>${numberOf(extent.total)}</a> ${
      extent.total === 1 ? "report" : "reports"}</span>` : nothing}</p>`;
}

function dayWithYear(time: number): string {
  const text = dayOf(time);
  return /\d{4}$/.test(text) ? text : `${text}\u00a0${new Date(time).getFullYear()}`;
}
