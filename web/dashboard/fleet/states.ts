// What stands in place of the fleet: while it is read, and while there is none.
import { html, type TemplateResult } from "lit-html";
import { address, root } from "../base/address.js";
import { ghostRow } from "./table/view.js";

export const loading = (): TemplateResult => html`<div class="state" aria-busy="true"><span class="hidden">Loading</span><i
class="ghost tall w5"></i></div><div class="strip" aria-hidden="true">${Array.from({ length: 5 }, () => html`<div class="tile"><i
class="ghost line w2"></i><i class="ghost tall w3"></i><i class="ghost line w2"></i><i class="ghost chart"></i></div>`)}</div><div
class="rows devices" aria-hidden="true"><div class="body">${[0, 1, 2, 3].map(ghostRow)}</div></div>`;

export const exampleCommand = (): string => `curl ${root.href}status -H 'Content-Type: application/json' \\
  -d '{"device_id":"sensor-abc-123","battery_level":76,"rssi":-60,
       "online":true,"timestamp":"${new Date().toISOString().slice(0, 19)}Z"}'`;

// `command` is kept by the page, so that what is copied is what stands there.
export function emptyFleet(command: string): TemplateResult {
  const copy = (): void => void navigator.clipboard?.writeText(command);
  return html`<div class="state blank"><h1>No device has reported yet</h1><p>Send the first report and it appears here within
a second.</p><pre tabindex="0" aria-label="Command"><code>${command}</code></pre><p class="actions">${"clipboard" in navigator
    ? html`<button class="button" @click=${copy}>Copy</button>` : ""}<a class="button plain" href=${address("docs")}>All of the
API</a></p></div>`;
}

