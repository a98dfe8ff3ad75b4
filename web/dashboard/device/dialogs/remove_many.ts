// Removes all devices of a filtered list. The service checks their number: if it changed meanwhile, nothing is removed. A
// larger number has to be typed.
import { html, nothing, type TemplateResult } from "lit-html";
import { ServiceError } from "../../base/api.js";
import { openDialog } from "../../base/dialogs.js";
import { counted, numberOf } from "../../base/numbers.js";
import { removeMany, type Selection } from "../actions.js";
import { failureLine, failureText } from "./failure.js";

const typedFrom = 10; // as many devices are confirmed by their number

// `count`: how many the list has. Resolves to how many were removed; null if none.
export async function removeManyDialog(selection: Selection, count: number): Promise<number | null> {
  let expected = count;
  let typed = "";
  let failure = "";
  let removed: number | null = null;
  await openDialog({ label: "Remove devices", role: "alertdialog" }, (close, redraw) => {
    const isSure = (): boolean => expected < typedFrom || Number(typed.replaceAll(",", "")) === expected;
    const act = async (): Promise<void> => {
      try {
        removed = await removeMany(selection, expected);
        close();
      } catch (error) {
        const matches = matchesOf(error);
        failure = matches === null ? failureText(error)
          : `Meanwhile ${counted(matches, "device")} match. Nothing was removed.`;
        expected = matches ?? expected;
        typed = "";
        redraw();
      }
    };
    const input = (event: InputEvent): void => {
      typed = (event.target as HTMLInputElement).value;
      redraw();
    };
    const devices = counted(expected, "device");
    return html`<h2>Remove ${devices}?</h2>
<p>${selectionWords(selection)}: latest status, reports, problems. This cannot be undone.</p>${
  expected < typedFrom ? nothing : html`<label>Type ${expected} to confirm<span class="field"><input inputmode="numeric"
  autocomplete="off" .value=${typed} @input=${input}></span></label>`}${failureLine(failure)}
<div class="actions"><button class="button" autofocus @click=${close}>Cancel</button><button class="button danger sure"
  ?disabled=${!isSure()} @click=${act}>Remove ${devices}</button></div>`;
  });
  return removed;
}

// How many match now, if the service refused for the number.
function matchesOf(error: unknown): number | null {
  if (!(error instanceof ServiceError) || error.status !== 412) return null;
  const matches = (error.body as { matches?: unknown } | null)?.matches;
  return typeof matches === "number" ? matches : null;
}

function selectionWords({ prefix, silent_for }: Selection): TemplateResult {
  const begins = prefix === undefined ? nothing : html` whose id begins with <b>${prefix}</b>`;
  const silent = silent_for === undefined ? nothing
    : html`${prefix === undefined ? "" : " and"} that were silent for more than <b>${durationWords(silent_for)}</b>`;
  return html`All${begins}${silent}`;
}

// "30d" as "30 d"; a bare number is of seconds.
function durationWords(text: string): string {
  const [, count = text, unit = "s"] = /^(\d+)([a-z]+)?$/.exec(text) ?? [];
  return `${numberOf(Number(count))}\u00a0${unit === "m" ? "min" : unit}`;
}
