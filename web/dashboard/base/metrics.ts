// The state of the store in words, from /metrics: "Store connected, nothing waiting".
import { request } from "./api.js";
import { counted } from "./numbers.js";
import { watched } from "./watched.js";

// A sample's name with its labels, as it stands in the text: `ubiety_problem{problem="full"}`.
export type Metrics = Map<string, number>;

// Null until they were read, and while they cannot be.
export const metrics = watched<Metrics | null>(null);

export function parseMetrics(text: string): Metrics {
  const samples: Metrics = new Map();
  for (const line of text.split("\n")) {
    const end = line.lastIndexOf(" ");
    if (end > 0 && !line.startsWith("#")) samples.set(line.slice(0, end), Number(line.slice(end + 1)));
  }
  return samples;
}

export function storeWords(samples: Metrics): string {
  const waiting = samples.get("ubiety_spool_waiting_updates") ?? 0;
  const inFlight = samples.get("ubiety_updates_in_flight") ?? 0;
  const age = samples.get("ubiety_queue_age_seconds") ?? 0;
  if (samples.get("ubiety_standby") === 1) return "Standing by";
  if (samples.get("ubiety_store_connected") === 0)
    return waiting > 0 ? `Store away, ${counted(waiting, "report")} in the spool` : "Store away";
  if (waiting > 0) return `Store connected, ${counted(waiting, "report")} in the spool`;
  return age > 1 ? `Store connected, ${counted(inFlight, "report")} waiting` : "Store connected, nothing waiting";
}

const period = 10_000; // ms

export function startMetrics(): void {
  const read = async (): Promise<void> => {
    if (document.hidden) return;
    metrics.set(await request("metrics", { accept: "text/plain" }).then((answer) => answer.text()).then(parseMetrics,
      () => null));
  };
  setInterval(() => void read(), period);
  document.addEventListener("visibilitychange", () => void read());
  void read();
}
