// What /metrics says, read now and then while somebody looks.
import { request } from "./api.js";
import { parseMetrics, type Metrics } from "./store_words.js";
import { watched } from "./watched.js";

// Null until they were read, and while they cannot be.
export const metrics = watched<Metrics | null>(null);

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
