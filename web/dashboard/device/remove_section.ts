// The foot of the page: removal, alone.
import { html, nothing, type TemplateResult } from "lit-html";
import { counted } from "../base/numbers.js";
import { actionsRefused, reasonId } from "./actions.js";
import type { Device } from "./device.js";
import { removeDialog } from "./dialogs/remove_dialog.js";

export function removeSection({ id, parts: { extent } }: Device, changed: () => void): TemplateResult {
  const refused = actionsRefused.get();
  const reports = extent === null ? "its reports" : `its ${counted(extent.total, "report")}`;
  return html`<section class="remove" aria-labelledby="rem"><div><h2 class="as-h3" id="rem">Remove this device</h2><p>Deletes its
latest status, ${reports} and its problems. If it reports again, it comes back as new. This cannot be undone.</p></div><button
  class="button danger" ?disabled=${refused} aria-describedby=${refused ? reasonId : nothing}
  @click=${() => void removeDialog(id, reports).then(changed)}>Remove…</button></section>`;
}
