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

interface SharedPackage {
  /** What breaks, without a word, where the application has a copy of its own. */
  readonly consequence: string;
  /** Through which package applications load it; npm may put their copy beside that one, out of their own sight. */
  readonly carrier?: string;
}

const SHARED: Readonly<Record<string, SharedPackage>> = {
  // https://opentelemetry.io/docs/specs/otel/versioning-and-stability/
  "@opentelemetry/api": { consequence: "what one makes the other may not see" },
  // Each version of Sentry's SDK keeps its state to itself; its packages depend on each other's very version.
  "@sentry/core": {
    consequence: "Sentry's functions in the application reach nobody",
    carrier: "@sentry/node",
  },
};

/** Tells which packages the running application has a copy of its own of. */
export function reportTwoCopies(reporter: Reporter): void {
  for (const copies of findTwoCopies(readApplicationFile())) {
    reporter.once(`two-copies:${copies.name}`, describeTwoCopies(copies));
  }
}

/** The packages of which the application in `applicationFile` would load another copy than telemetry does. */
export function findTwoCopies(applicationFile: string): TwoCopies[] {
  return Object.entries(SHARED).flatMap(([name, { carrier }]) => {
    const own = readCopy(name, import.meta.filename);
    const carrierFile = carrier && findEntry(carrier, applicationFile);
    const foreign = [applicationFile, carrierFile]
      .map((file) => (file ? readCopy(name, file) : undefined))
      .find((copy) => copy && copy.directory !== own?.directory);
    return own && foreign ? [{ name, own: own.version, foreign: foreign.version }] : [];
  });
}

export function describeTwoCopies({ name, own, foreign }: TwoCopies): string {
  const { consequence = "", carrier = name } = SHARED[name] ?? {};
  return (
    `There are two copies of ${name}: the application's ${foreign} and telemetry's ${own}; ${consequence}. ` +
    `Let the application depend on ${carrier} ${own}, or add "${carrier}": "${own}" to "overrides" in package.json, and ` +
    `look at \`npm ls ${name}\`.`
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

function findEntry(name: string, file: string): string | undefined {
  try {
    return createRequire(file).resolve(name);
  } catch {
    return undefined; // not installed there
  }
}

function readCopy(name: string, file: string): PackageCopy | undefined {
  try {
    const entry = findEntry(name, file);
    if (entry === undefined) return undefined;
    const directory = findPackage(name, entry);
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
      version?: unknown;
    };
    return { directory, version: String(manifest.version) };
  } catch {
    return undefined; // installed in another way, as from source
  }
}

function findPackage(name: string, file: string): string {
  const real = realpathSync(file).replaceAll("\\", "/");
  const marker = `/node_modules/${name}/`;
  const end = real.lastIndexOf(marker);
  if (end < 0) throw new Error(`${name} is not in a node_modules folder`);
  return real.slice(0, end + marker.length - 1);
}
