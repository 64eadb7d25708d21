import { readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import type { Reporter } from "../problems/index.ts";

interface PackageCopy {
  readonly directory: string;
  readonly version: string;
}

export interface TwoCopies {
  readonly name: string;
  readonly own: string;
  readonly foreign: string;
}

/** What breaks, without a word, where the application has a copy of its own. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  // https://opentelemetry.io/docs/specs/otel/versioning-and-stability/
  "@opentelemetry/api": "what one makes the other may not see",
  // Each version of Sentry's SDK keeps its state to itself.
  "@sentry/core": "Sentry's functions in the application reach nobody",
};

/** Tells which packages the running application has a copy of its own of. */
export function reportTwoCopies(reporter: Reporter): void {
  for (const copies of findTwoCopies(readApplicationFile())) {
    reporter.once(`two-copies:${copies.name}`, describeTwoCopies(copies));
  }
}

/** The packages of which the application in `applicationFile` would load another copy than telemetry does. */
export function findTwoCopies(applicationFile: string): TwoCopies[] {
  return Object.keys(CONSEQUENCES).flatMap((name) => {
    const own = readCopy(name, import.meta.filename);
    const foreign = readCopy(name, applicationFile);
    if (!own || !foreign || own.directory === foreign.directory) return [];
    return [{ name, own: own.version, foreign: foreign.version }];
  });
}

export function describeTwoCopies({ name, own, foreign }: TwoCopies): string {
  return (
    `There are two copies of ${name}: the application's ${foreign} and telemetry's ${own}; ${CONSEQUENCES[name] ?? ""}. ` +
    `Let the application depend on version ${own}, or add "${name}": "${own}" to "overrides" in package.json, and look ` +
    `at \`npm ls ${name}\`.`
  );
}

/** What Node was started with. npm's `.bin` holds links; of a folder Node runs a file; with `-e` there is no file. */
function readApplicationFile(): string {
  const [, entry] = process.argv;
  try {
    if (entry === undefined || !isAbsolute(entry)) return join(process.cwd(), "index.js");
    const file = realpathSync(entry);
    return statSync(file).isDirectory() ? join(file, "index.js") : file;
  } catch {
    return entry ?? ""; // written without its extension, or the working directory is gone
  }
}

function readCopy(name: string, file: string): PackageCopy | undefined {
  try {
    const directory = findPackage(name, createRequire(file).resolve(name));
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
      version?: unknown;
    };
    return { directory, version: String(manifest.version) };
  } catch {
    return undefined; // not installed there
  }
}

function findPackage(name: string, file: string): string {
  const real = realpathSync(file).replaceAll("\\", "/");
  const marker = `/node_modules/${name}/`;
  const end = real.lastIndexOf(marker);
  if (end < 0) throw new Error(`${name} is not in a node_modules folder`);
  return real.slice(0, end + marker.length - 1);
}
