/** Where the services' spans go, as far as the environment of `npm start` says; told in the banner. */
export interface Destinations {
  /** One line for people. */
  text: string;
  /** Whether the local receivers get spans, so that there is a trace to look at here. */
  arriveHere: boolean;
}

const known = new Set(["sentry", "otlp", "console", "none"]);

/**
 * The services themselves read the same variables by the rules of docs/configuration.md; here only what needs no
 * guessing is told. Anything unusual is left to the warnings that the services print.
 */
export function readDestinations(env: NodeJS.ProcessEnv): Destinations {
  if (env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") {
    return { text: "nowhere (OTEL_SDK_DISABLED=true)", arriveHere: false };
  }
  const chosen = readExporters(env);
  if (!chosen.every((name) => known.has(name))) {
    return { text: "see the warnings above about OTEL_TRACES_EXPORTER", arriveHere: true };
  }
  const ownSentry = Boolean(env["SENTRY_DSN"]);
  const ownOtlp = Boolean(env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]);
  const places: Record<string, string> = {
    sentry: ownSentry ? "Sentry by your SENTRY_DSN" : "the local Sentry receiver",
    otlp: ownOtlp ? "your OTLP endpoint" : "the local OTLP receiver",
    console: "the services' output",
    none: "nowhere (OTEL_TRACES_EXPORTER=none)",
  };
  return {
    text: chosen.map((name) => places[name]).join(" and "),
    arriveHere: (chosen.includes("sentry") && !ownSentry) || (chosen.includes("otlp") && !ownOtlp),
  };
}

function readExporters(env: NodeJS.ProcessEnv): string[] {
  const names = (env["OTEL_TRACES_EXPORTER"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const given = names.filter((name) => name !== "");
  if (given.length > 0) return given;
  return env["SENTRY_DSN"] === "" ? ["otlp"] : ["sentry", "otlp"];
}
