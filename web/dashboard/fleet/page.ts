// The page of the fleet.
import { html, render } from "lit-html";
import type { Page } from "../base/router.js";

export function openFleet(main: HTMLElement): Page {
  render(html`<div class="state"><h1>The fleet</h1></div>`, main);
  return { moved: () => {}, close: () => {} };
}
