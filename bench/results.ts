import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, platform, release, totalmem } from "node:os";

const file = new URL("RESULTS.md", import.meta.url);
const title =
  "# Results\n\nEach section is written by a run of `npm run bench -- <name>` and replaced by the next.\n";

/** Puts a section in place of the one of that name, or at the end. */
export async function writeResults(name: string, section: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => title);
  const [head = title, ...sections] = text.split(/^(?=## )/m);
  const others = sections.filter((one) => !one.startsWith(`## ${name}\n`));
  const all = [...others.map((one) => `${one.trim()}\n`), `## ${name}\n\n${section.trim()}\n`].toSorted();
  await writeFile(file, [`${head.trim()}\n`, ...all].join("\n"));
}

/** Beside the results, which show it: `<name>.svg`. */
export async function writePlot(name: string, svg: string): Promise<void> {
  await writeFile(new URL(`${name}.svg`, file), svg);
}

/** What figures depend on. */
export function describeMachine(loadAtStart: number): string {
  const [cpu] = cpus();
  const model = (cpu?.model ?? "").trim() || "CPU of unknown make";
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${model}, ${memory} GiB, ${platform()} ${release()},`,
    `Node ${process.versions.node}, SQLite ${process.versions["sqlite"] ?? "unknown"};`,
    `load average before the run ${loadAtStart.toFixed(1)}`,
  ].join(" ");
}

export function readLoad(): number {
  return loadavg()[0] ?? 0;
}
