// Hands a table to the browser as a file.
import { csvOf, type Cell } from "./csv.js";

export const downloadCsv = (name: string, heads: string[], rows: Cell[][]): void =>
  saveCsvFile(name, [csvOf(heads, rows)]);

// `parts`: pieces of the CSV, in their order.
export function saveCsvFile(name: string, parts: string[]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
  link.download = `${name.replace(/[^\w.-]+/g, "_")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
