// Dialogs: one at a time, as the browser's own <dialog>, which keeps the focus inside and closes with Esc.
import { html, render, type TemplateResult } from "lit-html";

export interface DialogOptions {
  label: string;
  role?: "dialog" | "alertdialog";
}

// Shows what `content` draws until it calls `close`; `redraw` draws it again. Resolves when the dialog is closed.
export function openDialog(options: DialogOptions,
  content: (close: () => void, redraw: () => void) => TemplateResult): Promise<void> {
  // A place of its own: a browser says only later that the dialog before was closed.
  const place = document.querySelector("#dialogs")!.appendChild(document.createElement("div"));
  const before = document.activeElement;
  return new Promise((resolve) => {
    const draw = (): void => void render(html`<dialog class="dialog" role=${options.role ?? "dialog"}
  aria-label=${options.label} @close=${closed}>${content(close, draw)}</dialog>`, place);
    const dialog = (): HTMLDialogElement => place.querySelector("dialog")!;
    const close = (): void => dialog().close();
    const closed = (): void => {
      place.remove();
      if (before instanceof HTMLElement) before.focus();
      resolve();
    };
    draw();
    dialog().showModal();
    dialog().querySelector<HTMLElement>("[autofocus]")?.focus();
  });
}
