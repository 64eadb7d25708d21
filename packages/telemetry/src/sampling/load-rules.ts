import { readFile, stat } from "node:fs/promises";
import { selectRules } from "./rules.ts";
import { readRules } from "./read-rules.ts";
import type { ReadRules } from "./read-rules.ts";

const VARIABLE = "TRACEBRIDGE_SAMPLING_RULES";
const MAX_FILE_BYTES = 65_536;

/**
 * Reads the sampling rules of a service from `setting`, which is their JSON or the path of a file that holds it. Never
 * rejects; each fault is one line that names the variable.
 */
export async function loadRules(setting: string | undefined, serviceName: string): Promise<ReadRules> {
  if (setting === undefined) return { rules: [], faults: [] };
  const { rules, faults } = await loadAll(setting);
  return { rules: selectRules(rules, serviceName), faults };
}

async function loadAll(setting: string): Promise<ReadRules> {
  if (/^[[{]/.test(setting)) return named(VARIABLE, readRules(setting));
  const path = setting.slice(0, 200);
  try {
    const content = await readSmallFile(setting);
    return named(`${VARIABLE}, file ${path}`, readRules(content));
  } catch (error) {
    const fault =
      `cannot read the file ${path} (${describe(error)}); give the path of a JSON file of up to ` +
      `${MAX_FILE_BYTES} bytes, from the working directory or the root, or the JSON itself. No rule is used.`;
    return named(VARIABLE, { rules: [], faults: [fault] });
  }
}

async function readSmallFile(path: string): Promise<string> {
  const file = await stat(path);
  // A pipe or a device might never end.
  if (!file.isFile()) throw new Error("not a file");
  if (file.size > MAX_FILE_BYTES) throw new Error(`${file.size} bytes`);
  return readFile(path, "utf8");
}

function named(source: string, { rules, faults }: ReadRules): ReadRules {
  return { rules, faults: faults.map((fault) => `${source}: ${fault}`) };
}

/** The message of a system error repeats the path; its code says enough. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}
