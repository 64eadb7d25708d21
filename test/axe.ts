import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const source = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

interface AxeResults {
  violations: { id: string; impact?: string | null; nodes: { html: string; failureSummary?: string }[] }[];
}

/** What axe finds serious or critical on the page as it is, one line each. */
export async function findSeriousProblems(page: Page): Promise<string[]> {
  // Evaluated and not added as a script, which the content security policy would refuse.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ""}`),
    );
}
