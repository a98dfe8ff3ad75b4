// Hands a table to the browser as a file.
import { csvOf, type Cell } from "./csv.js";

export function downloadCsv(name: string, heads: string[], rows: Cell[][]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csvOf(heads, rows)], { type: "text/csv" }));
  link.download = `${name.replace(/[^\w.-]+/g, "_")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
