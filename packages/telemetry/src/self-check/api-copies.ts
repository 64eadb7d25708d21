import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const API = "@opentelemetry/api";

export interface ApiCopy {
  readonly directory: string;
  readonly version: string;
}

/** The copy of the API that code in `file` gets; `undefined` when it gets none. */
export function readApiCopy(file: string): ApiCopy | undefined {
  const require = createRequire(file);
  try {
    const directory = findPackage(require.resolve(API));
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
      version?: unknown;
    };
    return { directory, version: String(manifest.version) };
  } catch {
    return undefined;
  }
}

/**
 * The application's copy of the API, where it is not ours. Spans made by another copy than the one telemetry registered
 * with may be lost without a word: https://opentelemetry.io/docs/specs/otel/versioning-and-stability/
 */
export function findForeignApi(applicationFile: string): { own: ApiCopy; foreign: ApiCopy } | undefined {
  const own = readApiCopy(import.meta.filename);
  const foreign = readApiCopy(applicationFile);
  return own && foreign && own.directory !== foreign.directory ? { own, foreign } : undefined;
}

export function describeForeignApi({ own, foreign }: { own: ApiCopy; foreign: ApiCopy }): string {
  return (
    `There are two copies of ${API}: the application's ${foreign.version} and telemetry's ${own.version}; what one makes ` +
    `the other may not see. Let the application depend on ${API} ${own.version}, or add it to "overrides" in package.json, ` +
    "and look at `npm ls @opentelemetry/api`."
  );
}

function findPackage(file: string): string {
  const real = realpathSync(file).replaceAll("\\", "/");
  const marker = `/node_modules/${API}/`;
  const end = real.lastIndexOf(marker);
  if (end < 0) throw new Error(`${API} is not in a node_modules folder`);
  return real.slice(0, end + marker.length - 1);
}
