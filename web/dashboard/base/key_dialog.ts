// Asks for the API key: in a dialog from the header, or in place of a page that the service refused.
import { html, nothing, type TemplateResult } from "lit-html";
import { icon } from "./icons.js";
import { key, keyFault } from "./key.js";
import { openDialog } from "./dialogs.js";

function keyForm(taken: () => void): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).querySelector("input")!;
    const given = input.value.trim();
    if (given === "") return input.focus();
    input.value = "";
    key.set(given);
    keyFault.set(null); // also when it is the same key: it may do by now
    taken();
  };
  return html`<form @submit=${submit}><label class="field">${icon("key")}<span class="hidden">API key</span><input
    type="password" placeholder="ubiety_…" autocomplete="off" autofocus></label><button class="button first">Open</button></form>`;
}

export function keyPage(): TemplateResult {
  return html`<div class="state blank"><h1>This fleet needs a key</h1>
<p>Any key with the scope <code>read</code> will do. It is kept until you close this tab and is sent in a header, never
in an address.</p>
${keyForm(() => {})}
${keyFault.get() === "refused" ? html`<p class="problem is-crit" role="alert">${icon("warn")}<span>The service does not
know that key, or it was revoked, or it may not read. Ask for another one.</span></p>` : nothing}</div>`;
}

export function askForKey(): Promise<void> {
  return openDialog({ label: "API key" }, (close) => html`<h2>API key</h2>
<p>${key.get() === null ? "No key is in use." : "A key is in use."} It is kept until you close this tab and is sent in a
header, never in an address.</p>
<div class="blank">${keyForm(close)}</div>
<div class="actions">${key.get() === null ? nothing : html`<button class="button" @click=${() => {
    key.set(null);
    close();
  }}>Forget the key</button>`}<button class="button" @click=${close}>Close</button></div>`);
}
