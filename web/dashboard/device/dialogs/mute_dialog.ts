// Mutes a device, or all whose ids begin alike, always with an end.
import { html, type TemplateResult } from "lit-html";
import { ServiceError } from "../../base/api.js";
import { openDialog } from "../../base/dialogs.js";
import { now } from "../../base/time.js";
import { mute, unmute, type Muted } from "../actions.js";
import { failureLine, failureText } from "./failure.js";
import { muteEndsAt, type MuteEnd } from "./mute_ends.js";

// `what`: how the dialog calls it. Resolves to whether it was muted.
export async function muteDialog(muted: Muted, what: string): Promise<boolean> {
  const ends = muteEndsAt(new Date(now()));
  let chosen: MuteEnd = ends[0];
  let failure = "";
  let isDone = false;
  await openDialog({ label: `Mute ${what}` }, (close, redraw) => {
    const choose = (end: MuteEnd): void => {
      chosen = end;
      redraw();
    };
    const act = async (): Promise<void> => {
      try {
        await mute(muted, chosen.at);
        isDone = true;
        close();
      } catch (error) {
        failure = failureText(error);
        redraw();
      }
    };
    return html`<h2>Mute ${what} until</h2>
${choices(ends, chosen, choose)}
<p>It goes on being measured, but is in no list, count or alert until then.</p>${failureLine(failure)}
<div class="actions"><button class="button" @click=${close}>Cancel</button><button class="button first"
  @click=${act}>Mute until ${chosen.text}</button></div>`;
  });
  return isDone;
}

function choices(ends: MuteEnd[], chosen: MuteEnd, choose: (end: MuteEnd) => void): TemplateResult {
  return html`<div class="segments" role="group" aria-label="Until">${ends.map((end) => html`<button
  aria-pressed=${end === chosen ? "true" : "false"} ?autofocus=${end === chosen} @click=${() => choose(end)}>${end.text
  }</button>`)}</div>`;
}

// What is not muted any more is no failure.
export async function unmuteDevice(deviceId: string): Promise<void> {
  await unmute({ deviceId }).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
  });
}
