import { exporterNames } from "./choices.ts";
import type { BrowserConfig, Config, ExporterName } from "./config.ts";
import type { EnvReader } from "./env-reader.ts";
import { readRelease } from "./read-sentry.ts";
import type { Monitoring } from "./read-sentry.ts";

type ServiceConfig = Omit<Config, "browser">;

/** Where nothing else is said, what holds for the service holds for its pages. */
export function readBrowser(reader: EnvReader, config: ServiceConfig, monitoring: Monitoring): BrowserConfig {
  const serviceName = reader.text("TRACEBRIDGE_BROWSER_SERVICE_NAME") ?? "page";
  const release = readRelease(reader, serviceName, config.resourceAttributes);
  const own = reader.dsn("TRACEBRIDGE_BROWSER_DSN");
  const dsn = own ?? config.sentry?.dsn;
  const exporters = readExporters(reader, { config, ownDsn: own, dsn });
  const { environment, errors, tracesSampleRate } = monitoring;
  const spans = exporters.has("sentry");
  const isSilent = exporters.size === 0 && reader.raw("TRACEBRIDGE_BROWSER_EXPORTER") !== undefined;
  return {
    path: reader.path("TRACEBRIDGE_BROWSER_PATH") ?? "/tb",
    serviceName,
    ...(environment !== undefined && { environment }),
    ...(release !== undefined && { release }),
    ...(dsn !== undefined &&
      !isSilent &&
      (spans || errors) && { sentry: { dsn, spans, errors, tracesSampleRate } }),
    ...(exporters.has("otlp") && { otlp: { ...config.traces.otlp, sampleRate: readOtlpRate(config) } }),
    console: exporters.has("console"),
    ...readTargets(reader),
    businessKeys: config.businessKeys,
    debug: ["debug", "verbose", "all"].includes(config.logLevel),
  };
}

interface ExporterSurroundings {
  readonly config: ServiceConfig;
  readonly ownDsn: string | undefined;
  readonly dsn: string | undefined;
}

function readExporters(
  reader: EnvReader,
  { config, ownDsn, dsn }: ExporterSurroundings,
): ReadonlySet<ExporterName> {
  const variable = "TRACEBRIDGE_BROWSER_EXPORTER";
  const names = reader.list(variable, exporterNames);
  if (!names)
    return new Set([...config.traces.exporters, ...(ownDsn === undefined ? [] : ["sentry" as const])]);
  const exporters = new Set(names.filter((name) => name !== "none"));
  if (exporters.size > 0 && exporters.size < names.length) {
    reader.problem(variable, `"none" excludes the others; ignoring "none".`);
  }
  if (dsn === undefined && exporters.delete("sentry") && !hasText(reader)) {
    const left = exporters.size === 0 ? "no exporter" : [...exporters].join(",");
    reader.problem(variable, `"sentry" needs TRACEBRIDGE_BROWSER_DSN or SENTRY_DSN. Using ${left}.`);
  }
  return exporters;
}

/** A page follows what the server's trace has decided; this is for the traces that it begins itself. */
function readOtlpRate({ sampler: { name, ratio } }: ServiceConfig): number {
  if (name.endsWith("always_off")) return 0;
  return name.endsWith("traceidratio") ? ratio : 1;
}

function readTargets(reader: EnvReader): Pick<BrowserConfig, "propagationTargets"> {
  const variable = "TRACEBRIDGE_BROWSER_PROPAGATION_TARGETS";
  return reader.raw(variable) === undefined ? {} : { propagationTargets: reader.patterns(variable) ?? [] };
}

/** A DSN that cannot be used is told where it is read. */
function hasText(reader: EnvReader): boolean {
  return (reader.raw("TRACEBRIDGE_BROWSER_DSN") ?? reader.raw("SENTRY_DSN")) !== undefined;
}
