// Devices as CSV.
import type { Device } from "../../base/service.js";

export const columns = ["device_id", "group", "battery_level", "rssi", "online", "last_heard", "usual_seconds", "due", "was_due", "stale",
  "problems", "muted", "outage"] as const;
// RFC 4180. A text that a spreadsheet would take for a formula is kept one by a leading apostrophe.
export function csvField(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvLine(device: Device): string {
  const { problems } = device;
  return columns.map((name) => csvField(name === "problems" ? problems?.map(({ kind }) => kind).join(" ") : device[name])).join(",");
}
