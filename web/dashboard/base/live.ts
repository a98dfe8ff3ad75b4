// The live stream as the pages see it. All tabs of a browser that have the same key share one: the tab that holds a lock
// reads it, and hands on to the others what it hears. When that tab closes, the next one goes on from where it was.
import { key, keyFault } from "./key.js";
import type { FleetEvent, Overview } from "./service.js";
import type { StreamedEvent } from "./event_stream.js";
import { keepStreaming, type StreamState } from "./stream.js";
import { watched } from "./watched.js";

export type LiveEvent =
  | { kind: "overview"; data: Overview }
  | { kind: "problem" | "outage" | "action"; data: FleetEvent }
  | { kind: "reset"; data: unknown } // something was missed: look at everything again
  | { kind: "current"; data: unknown }; // the stream has caught up

type Message = { type: "event"; event: StreamedEvent } | { type: "state"; state: StreamState } | { type: "hello" }
  | { type: "try now" };

export const streamState = watched<StreamState>({ is: "away", since: Date.now(), nextTry: null });

const listeners = new Set<(event: LiveEvent) => void>();
let lastId = "";
let channel: BroadcastChannel | null = null;
let stop = new AbortController();
let leads = false; // reads the stream itself
let tryEarly = (): void => {};

// Returns how to stop listening.
export function listen(heard: (event: LiveEvent) => void): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

export function tryNow(): void {
  tryEarly();
  channel?.postMessage({ type: "try now" } satisfies Message);
}

// Begins with the key that is there, and again whenever another one is given.
export function startLive(): void {
  key.watch(restart);
  addEventListener("pagehide", () => stop.abort());
  addEventListener("pageshow", (event) => event.persisted && restart());
  restart();
}

function restart(): void {
  stop.abort();
  stop = new AbortController();
  const { signal } = stop;
  const name = `live ${fingerprint(key.get() ?? "")}`;
  channel?.close();
  channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<Message>) => receive(data);
  channel.postMessage({ type: "hello" } satisfies Message);
  // Browsers have locks only where the page came by TLS or from this machine. Elsewhere each tab has its own stream.
  if (!("locks" in navigator)) return void lead(signal);
  navigator.locks.request(name, { signal }, () => lead(signal)).catch(() => {}); // aborted while it waited
}

function lead(signal: AbortSignal): Promise<void> {
  const state = (next: StreamState): void => {
    if (signal.aborted) return;
    streamState.set(next);
    if (next.is === "refused") keyFault.set(key.get() === null ? "missing" : "refused");
    channel?.postMessage({ type: "state", state: next } satisfies Message);
  };
  const event = (next: StreamedEvent): void => {
    if (signal.aborted) return;
    take(next);
    channel?.postMessage({ type: "event", event: next } satisfies Message);
  };
  leads = true;
  return keepStreaming(lastId, { event, state }, signal, (now) => (tryEarly = now)).finally(() => (leads = false));
}

function receive(message: Message): void {
  if (message.type === "event") take(message.event);
  if (message.type === "state") streamState.set(message.state);
  if (message.type === "hello" && leads)
    channel?.postMessage({ type: "state", state: streamState.get() } satisfies Message);
  if (message.type === "try now") tryEarly();
}

function take(event: StreamedEvent): void {
  lastId = event.id;
  const heard = { kind: event.kind, data: JSON.parse(event.data || "null") as unknown } as LiveEvent;
  for (const listener of [...listeners]) listener(heard);
}

// Tabs with different keys must not hear each other, and no key shall stand in the name of a lock.
function fingerprint(text: string): string {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) | 0;
  return hash.toString(16);
}
