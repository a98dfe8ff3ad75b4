// What a dialog says when the service refuses what it was to do.
import { html, nothing, type TemplateResult } from "lit-html";
import { ServiceError } from "../../base/api.js";
import { icon } from "../../base/icons.js";

export function failureText(error: unknown): string {
  if (!(error instanceof ServiceError)) return String(error);
  if (error.status === 0) return "The service does not answer. Nothing was changed.";
  if (error.status === 403) return "Your key may read only; this needs the scope admin.";
  return `The service answered ${error.status}${error.detail === "" ? "." : `: ${error.detail}.`} Nothing was changed.`;
}

export function failureLine(text: string): TemplateResult | typeof nothing {
  if (text === "") return nothing;
  return html`<p class="problem is-crit" role="alert">${icon("warn")}<span>${text}</span></p>`;
}
