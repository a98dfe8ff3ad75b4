// A table as CSV (RFC 4180).

export type Cell = string | number | boolean | null;

export function csvOf(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [heads, ...rows].map((row) => `${row.map(textOf).join(",")}\r\n`).join("");
}

function textOf(cell: Cell): string {
  const text = String(cell ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
