import { hostname } from "node:os";
import type { Config } from "../config/index.ts";
import type { Reporter } from "../problems/index.ts";
import type { SentryBridge, SentryHooks, SentryOptions } from "../sentry/index.ts";
import { createBridgeSurroundings } from "./bridge-surroundings.ts";

export interface BridgeParts {
  readonly config: Config;
  readonly hooks: SentryHooks | undefined;
  readonly businessKeys: ReadonlySet<string>;
  readonly reporter: Reporter;
}

/** The bridge is loaded by those who use it: Sentry's packages cost every other start 0.3 s and 45 MB. */
export async function startBridge(parts: BridgeParts): Promise<SentryBridge | undefined> {
  const { sentry } = parts.config;
  if (!sentry) return undefined;
  const { startSentry } = await import("../sentry/index.ts");
  try {
    return startSentry(readOptions(parts, sentry));
  } catch (error) {
    parts.reporter.once(
      "start-failed:sentry",
      `Sentry gets nothing, its bridge could not start: ${String(error)}`,
    );
    return undefined;
  }
}

function readOptions(
  { config, hooks, businessKeys, reporter }: BridgeParts,
  sentry: NonNullable<Config["sentry"]>,
): SentryOptions {
  const { dsn, environment, release, sessions, errors, ignoreErrors, tracesSampleRate } = sentry;
  return {
    dsn,
    ...(hooks && { hooks }),
    ...(environment !== undefined && { environment }),
    ...(release !== undefined && { release }),
    serverName: sentry.serverName ?? hostname(),
    serviceName: config.serviceName,
    ...describeOwner(config.resourceAttributes),
    spans: config.traces.exporters.has("sentry"),
    tracesSampleRate,
    debug: ["debug", "verbose", "all"].includes(config.logLevel),
    errors,
    ignoreTransactions: sentry.ignoreTransactions,
    ignoreErrors,
    sessions,
    recordedExceptions: errors,
    ...createBridgeSurroundings(businessKeys, reporter),
  };
}

/**
 * Sentry knows no resource: the team and the region are tags of errors, and attributes of spans and logs.
 * @see https://opentelemetry.io/docs/specs/semconv/resource/cloud/
 */
function describeOwner(resource: Config["resourceAttributes"]): Pick<SentryOptions, "tags" | "attributes"> {
  const { team, "cloud.region": region } = resource;
  const known = { ...(team !== undefined && { team }) };
  return {
    tags: { ...known, ...(region !== undefined && { region }) },
    attributes: { ...known, ...(region !== undefined && { "cloud.region": region }) },
  };
}
