// Tables as CSV (RFC 4180).

export type Cell = string | number | boolean | null | undefined; // null and undefined: empty

export const csvOf = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string => csvLines([heads, ...rows]);

export const csvLines = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(textOf).join(",")}\r\n`).join("");

// A text that a spreadsheet would take for a formula stays a text by a leading apostrophe.
function textOf(cell: Cell): string {
  const isFormula = typeof cell === "string" && /^[=+\-@\t\r]/.test(cell);
  const text = `${isFormula ? "'" : ""}${cell ?? ""}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
