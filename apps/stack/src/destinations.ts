const known = new Set(["sentry", "otlp", "console", "none"]);

/**
 * Where spans go, as far as the environment of `npm start` says; one line for people. The services and the page read the
 * same variables by the rules of docs/configuration.md; here only what needs no guessing is told. Anything unusual is left
 * to the warnings that the services print.
 */
export function describeDestinations(env: NodeJS.ProcessEnv): string {
  if (env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return "nowhere (OTEL_SDK_DISABLED=true)";
  const exporters = readExporters(env);
  const ofServices = describe(exporters, env, "OTEL_TRACES_EXPORTER", {
    dsn: "SENTRY_DSN",
    output: "the services' output",
  });
  const browserExporters = readBrowserExporters(env, exporters);
  if (browserExporters.length === 0) return ofServices;
  const ofPage = describe(browserExporters, env, "TRACEBRIDGE_BROWSER_EXPORTER", {
    dsn: env["TRACEBRIDGE_BROWSER_DSN"] ? "TRACEBRIDGE_BROWSER_DSN" : "SENTRY_DSN",
    output: "the browser's console",
  });
  return `${ofServices}; those of the page: ${ofPage}`;
}

function describe(
  exporters: readonly string[],
  env: NodeJS.ProcessEnv,
  variable: string,
  { dsn, output }: { dsn: string; output: string },
): string {
  if (!exporters.every((name) => known.has(name))) return `see the warnings above about ${variable}`;
  const hasOwnOtlp = env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
  const places: Record<string, string> = {
    sentry: env[dsn] ? `Sentry by your ${dsn}` : "the local Sentry receiver",
    otlp: hasOwnOtlp ? "your OTLP endpoint" : "the local OTLP receiver",
    console: output,
    none: `nowhere (${variable}=none)`,
  };
  return exporters.map((name) => places[name]).join(" and ");
}

function readExporters(env: NodeJS.ProcessEnv): string[] {
  const given = readNames(env["OTEL_TRACES_EXPORTER"]);
  if (given.length > 0) return given;
  return env["SENTRY_DSN"] === "" ? ["otlp"] : ["sentry", "otlp"];
}

/** None where the page simply has what the services have. */
function readBrowserExporters(env: NodeJS.ProcessEnv, ofServices: readonly string[]): string[] {
  const given = readNames(env["TRACEBRIDGE_BROWSER_EXPORTER"]);
  if (given.length > 0 || !env["TRACEBRIDGE_BROWSER_DSN"]) return given;
  return [...new Set(["sentry", ...ofServices.filter((name) => name !== "none")])];
}

function readNames(list = ""): string[] {
  const names = list.split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "");
}
