/** A table in Markdown. Columns that hold nothing but figures stand to the right. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (rows.every((row) => isFigure(row[column])) ? "---:" : "---"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** `12`, `0.5`, `10–20`, or nothing. */
function isFigure(cell = ""): boolean {
  return /^[\d.,–-]*$/.test(cell);
}
