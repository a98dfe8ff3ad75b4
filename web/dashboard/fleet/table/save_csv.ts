// Saves the list of the table as CSV: all devices that match, in the table's order.
import { getJson } from "../../base/api.js";
import type { Summary } from "../../base/service.js";
import { summaryQuery, type List } from "../filter.js";
import { columns, csvLine } from "./csv.js";

const page = 5_000; // devices a request

export async function saveCsv(list: List): Promise<void> {
  const parts = [`${columns.join(",")}\r\n`];
  for (let offset = 0; ; offset += page) {
    const query = { ...summaryQuery(list), offset, limit: page, fields: columns.join(",") };
    const { devices } = await getJson<Summary>("status/summary", { query });
    parts.push(devices.map((device) => `${csvLine(device)}\r\n`).join(""));
    if (devices.length < page) break;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
  link.download = "devices.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
