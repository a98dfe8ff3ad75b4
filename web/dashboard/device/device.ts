// All that the page knows of its device, kept up to date while the page is open.
import { ServiceError } from "../base/api.js";
import type { FailedLoad } from "../base/error_page.js";
import { listen } from "../base/live.js";
import type { Overview } from "../base/service.js";
import { now } from "../base/time.js";
import { fleet, statusOf } from "./data.js";
import type { SpanName } from "./history/window.js";
import { partsOf, type Parts } from "./parts.js";
import type { DeviceStatus } from "./status.js";
import { second } from "./times.js";

const retryAfter = 8 * second;
const lookEvery = 2 * second; // at most, while the stream says that something happened
const pollEvery = 15 * second; // without the stream

export interface Device {
  id: string;
  startedAt: number; // ms since 1970, by the browser's clock
  status: DeviceStatus | null; // null until it is loaded
  failed: FailedLoad | null;
  isUnknown: boolean;
  removedAt: number | null; // while the page was open
  parts: Parts;
  fleet: Overview | null; // null until it is loaded
}

export interface DeviceWatch {
  device: Device;
  show(span: SpanName): void;
  lookAgain(): void;
  close(): void;
}

export function watchDevice(id: string, first: SpanName, changed: () => void): DeviceWatch {
  const stop = new AbortController();
  const { signal } = stop;
  const loader = partsOf(id, signal, changed);
  const device: Device = {
    id, startedAt: Date.now(), status: null, failed: null, isUnknown: false, removedAt: null, parts: loader.parts, fleet: null,
  };
  let span = first;
  let looked = 0; // when, ms

  async function look(): Promise<void> {
    looked = Date.now();
    try {
      await refresh();
      device.failed = null;
    } catch (error) {
      if (!signal.aborted && error instanceof ServiceError) fail(error);
    }
    if (!signal.aborted) changed();
  }

  async function refresh(): Promise<void> {
    const status = await statusOf(id, signal);
    if (status === null) return miss();
    const isNews = device.status?.last_heard !== status.last_heard;
    if (device.removedAt !== null) loader.forget(); // it came back as new
    Object.assign(device, { status, removedAt: null, isUnknown: false });
    changed();
    await loader.load(Date.parse(status.last_update), span, isNews);
  }

  // The stream brings it, too, if it comes.
  async function lookAtFleet(): Promise<void> {
    const loaded = await fleet(signal).catch(() => null);
    device.fleet ??= loaded;
    if (!signal.aborted) changed();
  }

  function miss(): void {
    if (device.status === null) device.isUnknown = true;
    else device.removedAt ??= now();
  }

  // A history of a device that was removed meanwhile is not there: the next look finds that out.
  function fail(error: ServiceError): void {
    if (error.status === 404) return;
    device.failed = { error, nextTry: Date.now() + ((error.retryAfter ?? 0) * second || retryAfter) };
  }

  // Unless that was a moment ago, or the service asked for a pause.
  function lookIfDue(pause: number): void {
    const isEarly = device.failed === null ? Date.now() - looked < pause : Date.now() < device.failed.nextTry;
    if (!document.hidden && !isEarly) void look();
  }

  const stopListening = listen((event) => {
    if (event.kind === "overview") device.fleet = event.data;
    const isAboutThis = event.kind === "problem" && "device_id" in event.data && event.data.device_id === id;
    lookIfDue(isAboutThis ? 0 : lookEvery);
  });
  const timer = setInterval(() => lookIfDue(pollEvery), second);

  void look();
  void lookAtFleet();
  return {
    device,
    show(next) {
      if (next === span) return;
      span = next;
      void look();
    },
    lookAgain: () => void look(),
    close() {
      stop.abort();
      stopListening();
      clearInterval(timer);
    },
  };
}
