import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes a file that is gone when the test has finished. @returns its path */
export function writeTemporaryFile(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tracebridge-compare-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
