// The dialog behind "Filter": all that the summary can be asked for.
import { html, type TemplateResult } from "lit-html";
import { openDialog } from "../../base/dialogs.js";
import { problemNames, type Filter, type FilterName, type List } from "../filter.js";

type Choice = [value: string, words: string];

const choices: Partial<Record<FilterName, Choice[]>> = {
  problem: [["", "Any or none"], ...Object.entries(problemNames)],
  stale: [["", "All"], ["false", "In time"], ["true", "Silent or in an outage"]],
  online: [["", "All"], ["true", "Online"], ["false", "Offline"]],
  muted: [["", "All"], ["true", "Muted"], ["false", "Not muted"]],
};

const fields: { name: FilterName; label: string; hint?: string; min?: number; max?: number }[] = [
  { name: "problem", label: "Problem" },
  { name: "stale", label: "Heard" },
  { name: "online", label: "Reported" },
  { name: "muted", label: "Muted" },
  { name: "battery_below", label: "Battery below, %", min: 1, max: 101 },
  { name: "rssi_below", label: "Signal below, dBm", min: -160, max: 21 },
  { name: "silent_for", label: "Silent for", hint: "90m, 2h, 3d" },
  { name: "group", label: "Group" },
  { name: "prefix", label: "Id begins with" },
];

export function askForFilter(list: List, apply: (filter: Filter) => void): Promise<void> {
  return openDialog({ label: "Filter" }, (close) => {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const filter: Filter = list.filter.q === undefined ? {} : { q: list.filter.q };
      for (const [name, value] of new FormData(event.target as HTMLFormElement))
        if (typeof value === "string" && value.trim() !== "") filter[name as FilterName] = value.trim();
      close();
      apply(filter);
    };
    return html`<h2>Filter</h2><form class="filters" @submit=${submit}>${fields.map((field, index) =>
      html`<label>${field.label}<span class="field">${control(field, list.filter[field.name] ?? "", index === 0)}</span></label>`)}
<div class="actions"><button class="button" type="button" @click=${close}>Cancel</button><button class="button first">Show</button></div></form>`;
  });
}

function control({ name, hint, min, max }: (typeof fields)[number], current: string, isFirst: boolean): TemplateResult {
  const options = choices[name];
  if (options !== undefined)
    return html`<select name=${name} ?autofocus=${isFirst}>${options.map(([value, words]) =>
      html`<option value=${value} ?selected=${value === current}>${words}</option>`)}</select>`;
  if (min !== undefined && max !== undefined)
    return html`<input type="number" name=${name} min=${min} max=${max} .value=${current}>`;
  return html`<input name=${name} .value=${current} placeholder=${hint ?? ""} maxlength="255">`;
}
