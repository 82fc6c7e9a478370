/** A table as lines of text: the first column to the left, the others to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = head.map((title, n) => Math.max(title.length, ...rows.map((row) => String(row[n] ?? '').length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, n) => (n === 0 ? String(cell).padEnd(widths[n] ?? 0) : String(cell).padStart(widths[n] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
