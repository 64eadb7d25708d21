import type { ComposeStack } from "../stack.ts";

/** What a check found, in Markdown: the same text is printed and goes into docs/compose-results.md. */
export interface Finding {
  passed: boolean;
  lines: string[];
}

export interface Check {
  name: string;
  run(stack: ComposeStack): Promise<Finding>;
}

/** A Markdown table. */
export function drawTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const draw = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return [draw(header), draw(header.map(() => "---")), ...rows.map((row) => draw(row))];
}
