import { switchNames } from "./choices.ts";
import type { SentryConfig } from "./config.ts";
import type { EnvReader } from "./env-reader.ts";

type Resource = Readonly<Record<string, string>>;

/** What of Sentry's settings holds without a project too: pages may have one of their own. */
export type Monitoring = Omit<SentryConfig, "dsn">;

export function readSentry(
  reader: EnvReader,
  serviceName: string,
  resource: Resource,
): { monitoring: Monitoring; sentry: SentryConfig | undefined } {
  const monitoring = readMonitoring(reader, serviceName, resource);
  const dsn = reader.dsn("SENTRY_DSN");
  return { monitoring, sentry: dsn === undefined ? undefined : { dsn, ...monitoring } };
}

export function readRelease(reader: EnvReader, serviceName: string, resource: Resource): string | undefined {
  const version = resource["service.version"];
  return reader.text("SENTRY_RELEASE") ?? (version && `${serviceName}@${version}`);
}

function readMonitoring(reader: EnvReader, serviceName: string, resource: Resource): Monitoring {
  const release = readRelease(reader, serviceName, resource);
  const environment = reader.text("SENTRY_ENVIRONMENT") ?? resource["deployment.environment.name"];
  const rate = reader.rate("SENTRY_TRACES_SAMPLE_RATE");
  const errors = reader.choice("TRACEBRIDGE_ERRORS", switchNames) !== "off";
  const sessions = reader.choice("TRACEBRIDGE_SESSIONS", switchNames) !== "off";
  const ignoreTransactions = reader.patterns("TRACEBRIDGE_IGNORE_TRANSACTIONS") ?? [];
  const ignoreErrors = reader.patterns("TRACEBRIDGE_IGNORE_ERRORS") ?? [];
  const serverName = reader.text("SENTRY_NAME") ?? resource["host.name"];
  return {
    ...(environment !== undefined && { environment }),
    ...(release !== undefined && { release }),
    tracesSampleRate: rate ?? (environment === "production" ? 0.1 : 1),
    errors,
    sessions: sessions && errors && release !== undefined,
    ignoreTransactions,
    ignoreErrors,
    ...(serverName !== undefined && { serverName }),
  };
}
