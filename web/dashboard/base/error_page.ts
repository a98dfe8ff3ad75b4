// What stands where the data would stand while the first load fails.
import { html, nothing, type TemplateResult } from "lit-html";
import type { ServiceError } from "./api.js";
import { address } from "./address.js";
import { durationOf } from "./time.js";

export interface FailedLoad {
  error: ServiceError;
  nextTry: number; // ms since 1970
}

export function errorPage({ error, nextTry }: FailedLoad, tryNow: () => void): TemplateResult {
  const seconds = Math.max(1, Math.ceil((nextTry - Date.now()) / 1_000));
  return html`<div class="state blank"><h1>${titleOf(error)}</h1>
<p>${error.status === 0 ? html`No answer came to <code>${error.path}</code>.`
    : html`It answered ${error.status} to <code>${error.path}</code>${error.detail === "" ? "." : `: ${error.detail}.`}`}
This page tries again in ${durationOf(seconds)}.</p>
<p class="actions"><button class="button" @click=${tryNow}>Try now</button><a class="button plain"
  href=${address("health")}>Health</a></p>
${error.requestId === null ? nothing : html`<p class="quiet">Request <code>${error.requestId}</code></p>`}</div>`;
}

function titleOf({ status }: ServiceError): string {
  if (status === 403) return "This key may not read the fleet";
  if (status === 429) return "Too many requests from here";
  return status === 0 || status >= 500 ? "The service does not answer" : "The service refuses the page’s question";
}
