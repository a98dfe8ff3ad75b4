// The state of the store in words, from /metrics: "PostgreSQL, nothing waiting".
import { counted } from "./numbers.js";

// A sample's name with its labels, as it stands in the text: `ubiety_problem{problem="full"}`.
export type Metrics = Map<string, number>;

export function parseMetrics(text: string): Metrics {
  const samples: Metrics = new Map();
  for (const line of text.split("\n")) {
    const end = line.lastIndexOf(" ");
    if (end > 0 && !line.startsWith("#")) samples.set(line.slice(0, end), Number(line.slice(end + 1)));
  }
  return samples;
}

const storeNames: Record<string, string> = { postgresql: "PostgreSQL", sqlite: "SQLite" };

function storeName(samples: Metrics): string {
  const info = [...samples.keys()].find((name) => name.startsWith("ubiety_build_info{")) ?? "";
  return storeNames[/store="(\w+)"/.exec(info)?.[1] ?? ""] ?? "Store";
}

export function storeWords(samples: Metrics): string {
  const store = storeName(samples);
  const spooled = samples.get("ubiety_spool_waiting_updates") ?? 0;
  const isSlow = (samples.get("ubiety_queue_age_seconds") ?? 0) > 1;
  const waiting = spooled > 0 ? `${counted(spooled, "report")} in the spool`
    : isSlow ? `${counted(samples.get("ubiety_updates_in_flight") ?? 0, "report")} waiting` : "nothing waiting";
  if (samples.get("ubiety_standby") === 1) return `${store}, standing by`;
  return samples.get("ubiety_store_connected") === 0 ? `${store} is away, ${waiting}` : `${store}, ${waiting}`;
}
