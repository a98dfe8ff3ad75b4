// The page of a device.
import { html, render } from "lit-html";
import { placeOf } from "../base/address.js";
import type { Page } from "../base/router.js";

export function openDevice(main: HTMLElement, url: URL): Page {
  const draw = (at: URL): void => {
    const place = placeOf(at);
    if (place?.page === "device") render(html`<div class="device-head"><h1>${place.deviceId}</h1></div>`, main);
  };
  draw(url);
  return { moved: draw, close: () => {} };
}
