// Removes a device, after a question whose first answer is no.
import { html } from "lit-html";
import { openDialog } from "../../base/dialogs.js";
import { remove } from "../actions.js";
import { failureLine, failureText } from "./failure.js";

// `reports`: "its 38,411 reports". Resolves to whether it was removed.
export async function removeDialog(deviceId: string, reports: string): Promise<boolean> {
  let failure = "";
  let isDone = false;
  await openDialog({ label: `Remove ${deviceId}?`, role: "alertdialog" }, (close, redraw) => {
    const act = async (): Promise<void> => {
      try {
        await remove(deviceId);
        isDone = true;
        close();
      } catch (error) {
        failure = failureText(error);
        redraw();
      }
    };
    return html`<h2>Remove ${deviceId}?</h2>
<p>Its latest status, ${reports} and its problems are deleted. If it reports again, it comes back as new. This cannot be
undone.</p>${failureLine(failure)}
<div class="actions"><button class="button" autofocus @click=${close}>Cancel</button><button class="button danger sure"
  @click=${act}>Remove</button></div>`;
  });
  return isDone;
}
