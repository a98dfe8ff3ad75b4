// What "…" and "?" open: what has no place of its own on the page.
import { html, nothing } from "lit-html";
import { openDialog } from "../../base/dialogs.js";

export interface MoreAction {
  words: string;
  run(): void;
  isDangerous?: boolean; // stands apart from the others
}

const keys: [string, string][] = [["/", "Search device ids"], ["Esc", "Clear the search, close a dialog"],
  ["Tab", "Enter the table at one row"], ["↑ ↓", "Next and previous row"], ["PgUp PgDn", "A screen up and down"],
  ["Home End", "First and last row"], ["Enter", "Open the device"], ["?", "This list"]];

// What is chosen runs when this dialog is closed, for it may open one of its own.
export async function showMore(actions: MoreAction[]): Promise<void> {
  let chosen: MoreAction | null = null;
  await openDialog({ label: "More" }, (close) => html`${actions.length === 0 ? nothing : html`<h2>This list</h2>
<div class="menu">${actions.map((action, index) => html`<button
class=${action.isDangerous ? "button plain apart" : "button plain"} ?autofocus=${index === 0} @click=${() => {
    chosen = action;
    close();
  }}>${action.words}</button>`)}</div>`}
<h2>Keys</h2><dl class="keys">${keys.map(([key, words]) =>
    html`<dt>${key.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${words}</dd>`)}</dl>
<div class="actions"><button class="button" @click=${close}>Close</button></div>`);
  (chosen as MoreAction | null)?.run();
}
