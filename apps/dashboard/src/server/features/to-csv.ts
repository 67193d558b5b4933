type Cell = string | number | boolean | null;

/** Objects of the same keys as CSV (RFC 4180), a head row first. A text that a spreadsheet would take for a formula opens with an apostrophe. */
export function toCsv(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const keys = Object.keys(rows[0] ?? {});
  const lines = [keys, ...rows.map((row) => keys.map((key) => row[key] ?? null))];
  return lines.map((cells) => `${cells.map(toCell).join(',')}\r\n`).join('');
}

function toCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
