// The page of a device.
import { html, nothing, render, type TemplateResult } from "lit-html";
import { errorPage } from "../base/error_page.js";
import { keyFault } from "../base/key.js";
import { keyPage } from "../base/key_dialog.js";
import type { Page } from "../base/router.js";
import { drawing } from "../base/watched.js";
import { actionsRefused } from "./actions.js";
import { watchChanges } from "./changes.js";
import { watchDevice, type Device } from "./device.js";
import { head } from "./head.js";
import { openHistory } from "./history/history_section.js";
import { readings } from "./readings_list.js";
import { removeSection } from "./remove_section.js";
import { openReports } from "./reports/reports_section.js";
import { rhythmSection } from "./rhythm/rhythm_section.js";
import type { DeviceStatus } from "./status.js";
import { ghostPage, unknownPage } from "./states.js";
import { viewOf, type View } from "./view.js";

const agesEvery = 1_000; // ms

export function openDevice(main: HTMLElement, url: URL): Page {
  let view = viewOf(url);
  let shown = openView(main, view);
  return {
    moved(next) {
      const old = view;
      view = viewOf(next);
      if (view.deviceId === old.deviceId) return shown.moved(view);
      shown.close();
      shown = openView(main, view);
    },
    close: () => shown.close(),
  };
}

// Draws one device until it is closed.
function openView(main: HTMLElement, first: View): { moved(view: View): void; close(): void } {
  let view = first;
  const redraw = drawing(() => {
    document.title = `${view.deviceId} · Ubiety`;
    render(draw(), main);
  });
  const watch = watchDevice(view.deviceId, view.span, redraw);
  const history = openHistory(redraw);
  const reports = openReports(redraw);
  const changes = watchChanges();
  const stops = [keyFault.watch(redraw), actionsRefused.watch(redraw)];
  const timer = setInterval(redraw, agesEvery);

  function draw(): TemplateResult | typeof nothing {
    const { device } = watch;
    if (keyFault.get() !== null) return keyPage();
    if (device.status !== null) return whole(device, device.status);
    if (device.failed !== null) return errorPage(device.failed, watch.lookAgain);
    return device.isUnknown ? unknownPage(device.id) : ghostPage(device.id, device.startedAt);
  }

  function whole(device: Device, status: DeviceStatus): TemplateResult {
    main.classList.toggle("removed", device.removedAt !== null);
    return html`${head(device, status, watch.lookAgain)}${readings(device, status, changes)}${history.draw(device, status, view)}
<div class="split">${rhythmSection(device, status, view.rhythmAsTable)}${reports.draw(device, view)}</div>
${device.removedAt === null ? removeSection(device, watch.lookAgain) : nothing}`;
  }

  redraw();
  return {
    moved(next) {
      view = next;
      watch.show(view.span);
      redraw();
    },
    close() {
      clearInterval(timer);
      stops.forEach((stop) => stop());
      watch.close();
      history.close();
      reports.close();
    },
  };
}
