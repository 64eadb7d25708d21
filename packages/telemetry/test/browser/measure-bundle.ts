import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";

/** Bytes of JavaScript, minified. */
export interface BundleSize {
  /** What a page downloads before the program runs, gzip. */
  readonly atStart: number;
  /** What it downloads only when it gets there (`import()`), gzip. */
  readonly later: number;
  /** Both, not compressed. */
  readonly minified: number;
}

/** Bundles a program as applications bundle their pages, for production, and weighs what comes out. */
export async function measureBundle(entry: string): Promise<BundleSize> {
  const chunks = await bundle(entry);
  const atStart = findChunksAtStart(chunks);
  const weigh = (wanted: boolean): number =>
    chunks
      .filter(({ fileName }) => atStart.has(fileName) === wanted)
      .reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  const minified = chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
  return { atStart: weigh(true), later: weigh(false), minified };
}

async function bundle(entry: string): Promise<Rolldown.OutputChunk[]> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["tracebridge-source", "module", "browser", "production"] },
    build: { write: false, modulePreload: { polyfill: false }, rolldownOptions: { input: entry } },
  });
  if (!("output" in built)) throw new Error("one output was asked for");
  return built.output.filter((part) => part.type === "chunk");
}

function findChunksAtStart(chunks: readonly Rolldown.OutputChunk[]): ReadonlySet<string> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<string>();
  const add = (fileName: string): void => {
    if (found.has(fileName)) return;
    found.add(fileName);
    for (const imported of byName.get(fileName)?.imports ?? []) add(imported);
  };
  for (const { fileName, isEntry } of chunks) if (isEntry) add(fileName);
  return found;
}
