// What can be done with all devices of a filtered list. The service mutes devices by the beginning of their ids, and removes
// them by that or by how long they are silent; for a list with another filter, a dialog says so.
import { html } from "lit-html";
import { openDialog } from "../../base/dialogs.js";
import { muteDialog } from "./mute_dialog.js";
import { removeManyDialog } from "./remove_many.js";

export interface ManyActions {
  mute(): Promise<void>;
  remove(): Promise<void>;
}

// `filter`: the list's, without what it does not ask for. `count`: how many devices the list has. `done`: some changed.
export function manyActions(filter: Partial<Record<string, string>>, count: number, done: () => void): ManyActions {
  const { prefix, silent_for, ...others } = filter;
  const isPlain = Object.keys(others).length === 0;
  return {
    async mute() {
      if (!isPlain || prefix === undefined || silent_for !== undefined)
        return explain("Mute these devices", "Devices are muted by the beginning of their ids. Filter by that alone.");
      if (await muteDialog({ prefix }, `all of ${prefix}…`)) done();
    },
    async remove() {
      if (!isPlain || (prefix === undefined && silent_for === undefined))
        return explain("Remove these devices",
          "Devices are removed by the beginning of their ids, by how long they are silent, or by both. Filter by these alone.");
      const selection = { ...(prefix !== undefined && { prefix }), ...(silent_for !== undefined && { silent_for }) };
      if ((await removeManyDialog(selection, count)) !== null) done();
    },
  };
}

const explain = (head: string, words: string): Promise<void> =>
  openDialog({ label: head }, (close) => html`<h2>${head}</h2><p>${words}</p>
<div class="actions"><button class="button" autofocus @click=${close}>Close</button></div>`);
