import { logLevelNames, propagatorNames, samplerNames, trustNames } from "./choices.ts";
import type { Config } from "./config.ts";
import { EnvReader } from "./env-reader.ts";
import type { ConfigProblem } from "./env-reader.ts";
import { readBrowser } from "./read-browser.ts";
import { readSentry } from "./read-sentry.ts";
import { readBatch, readExporters, readLimits, readOtlp } from "./read-signals.ts";

/**
 * Reads the configuration from environment variables. Pure: nothing is printed, nothing is started. A value that is
 * not allowed becomes one problem and the default is used.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): {
  config: Config;
  problems: readonly ConfigProblem[];
} {
  const reader = new EnvReader(env);
  const resource = reader.pairs("OTEL_RESOURCE_ATTRIBUTES");
  const serviceName = reader.raw("OTEL_SERVICE_NAME") ?? resource["service.name"] ?? "unknown_service:node";
  const { sentry, monitoring } = readSentry(reader, serviceName, resource);
  const samplingRules = reader.raw("TRACEBRIDGE_SAMPLING_RULES");
  const limits = readLimits(reader);
  const config: Omit<Config, "browser"> = {
    disabled: reader.boolean("OTEL_SDK_DISABLED"),
    logLevel: readLogLevel(reader),
    serviceName,
    resourceAttributes: withEnvironment({ ...resource, "service.name": serviceName }, sentry?.environment),
    propagators: readPropagators(reader),
    ...readTargets(reader),
    trustInbound: reader.choice("TRACEBRIDGE_TRUST_INBOUND", trustNames) ?? "all",
    sampler: readSampler(reader),
    ...(samplingRules !== undefined && { samplingRules }),
    traces: {
      exporters: readExporters(reader, "TRACES", sentry !== undefined),
      otlp: readOtlp(reader, "TRACES"),
      batch: readBatch(reader, "OTEL_BSP"),
      limits: limits.spans,
    },
    logs: {
      exporters: readExporters(reader, "LOGS", sentry !== undefined),
      otlp: readOtlp(reader, "LOGS"),
      batch: readBatch(reader, "OTEL_BLRP"),
      limits: limits.logs,
    },
    ...(sentry && { sentry }),
    businessKeys: reader.keys("TRACEBRIDGE_BUSINESS_KEYS"),
  };
  const browser = readBrowser(reader, config, monitoring);
  return { config: { ...config, browser }, problems: withoutDoubles(reader.problems) };
}

function readLogLevel(reader: EnvReader): Config["logLevel"] {
  return reader.choice("OTEL_LOG_LEVEL", logLevelNames) ?? "warn";
}

function readPropagators(reader: EnvReader): Config["propagators"] {
  const names = reader.list("OTEL_PROPAGATORS", propagatorNames) ?? [];
  if (names.includes("none") && names.length > 1) {
    reader.problem("OTEL_PROPAGATORS", `"none" excludes the others; ignoring "none".`);
  }
  return {
    tracecontext: names.includes("tracecontext"),
    baggage: names.includes("baggage"),
    sentry: names.includes("sentry"),
  };
}

/** A list that cannot be read names nobody: headers must not go everywhere for a missing bracket. */
function readTargets(reader: EnvReader): Pick<Config, "propagationTargets"> {
  if (reader.raw("TRACEBRIDGE_PROPAGATION_TARGETS") === undefined) return {};
  return { propagationTargets: reader.patterns("TRACEBRIDGE_PROPAGATION_TARGETS") ?? [] };
}

function readSampler(reader: EnvReader): Config["sampler"] {
  return {
    name: reader.choice("OTEL_TRACES_SAMPLER", samplerNames) ?? "parentbased_always_on",
    ratio: reader.rate("OTEL_TRACES_SAMPLER_ARG") ?? 1,
  };
}

function withEnvironment(
  attributes: Readonly<Record<string, string>>,
  environment: string | undefined,
): Readonly<Record<string, string>> {
  const key = "deployment.environment.name";
  return environment === undefined || key in attributes ? attributes : { ...attributes, [key]: environment };
}

/** One warning for each variable, though two signals may read it and a value may have two faults. */
function withoutDoubles(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const first = new Map<string, ConfigProblem>();
  for (const problem of problems) if (!first.has(problem.variable)) first.set(problem.variable, problem);
  return [...first.values()];
}
