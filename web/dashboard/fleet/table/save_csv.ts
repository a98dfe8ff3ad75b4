// Saves the list of the table as CSV: all devices that match, in the table's order.
import { getJson } from "../../base/api.js";
import { csvLines, type Cell } from "../../base/csv.js";
import { saveCsvFile } from "../../base/download.js";
import type { Device, Summary } from "../../base/service.js";
import { summaryQuery, type List } from "../filter.js";

const columns = ["device_id", "group", "battery_level", "rssi", "online", "last_heard", "usual_seconds", "due", "was_due",
  "stale", "problems", "muted", "outage"] as const;
const page = 5_000; // devices a request

const cellsOf = (device: Device): Cell[] =>
  columns.map((name) => (name === "problems" ? device.problems?.map(({ kind }) => kind).join(" ") : device[name]));

export async function saveCsv(list: List): Promise<void> {
  const parts = [csvLines([columns])];
  for (let offset = 0; ; offset += page) {
    const query = { ...summaryQuery(list), offset, limit: page, fields: columns.join(",") };
    const { devices } = await getJson<Summary>("status/summary", { query });
    parts.push(csvLines(devices.map(cellsOf)));
    if (devices.length < page) break;
  }
  saveCsvFile("devices", parts);
}
