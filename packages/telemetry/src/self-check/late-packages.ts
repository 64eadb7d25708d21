import { createRequire } from "node:module";

/** What is hooked as it loads; `http` and `fetch` can be instrumented at any time. */
const INSTRUMENTED = ["express", "fastify", "amqplib", "mongodb", "pino"];

/** The instrumented packages among modules that are loaded already: they make no spans, and nothing says so. */
export function findLatePackages(loadedFiles = Object.keys(createRequire(import.meta.url).cache)): string[] {
  const paths = loadedFiles.map((file) => file.replaceAll("\\", "/"));
  return INSTRUMENTED.filter((name) => paths.some((path) => path.includes(`/node_modules/${name}/`)));
}

export function describeLatePackages(names: readonly string[]): string {
  const [subject, verb] = names.length === 1 ? ["it makes", "was"] : ["they make", "were"];
  return (
    `${names.join(", ")} ${verb} loaded before telemetry started: ${subject} no spans. Start Node with ` +
    "`--import @tracebridge/telemetry/register`, or await startTelemetry in a file that Node loads before all others."
  );
}
