import { join } from "node:path";
import { readConfig } from "../config/index.ts";
import type { Config } from "../config/index.ts";
import { loadRules } from "../sampling/load-rules.ts";
import {
  describeLoadFailure,
  describeTwoCopies,
  describeUnreachable,
  findFault,
  findTwoCopies,
  listEndpoints,
} from "../self-check/index.ts";
import type { Endpoint } from "../self-check/index.ts";

/** One thing that was looked at, and what is wrong with it. */
export interface Examination {
  readonly subject: string;
  /** Each with its cause and its fix; empty when all is well. */
  readonly findings: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** A back end that refuses is asked again by the exporters, for as long as they may. */
const LONGEST_TRIAL_MILLIS = 3_000;
/** The oldest Node that runs this package: `engines` of its package.json. */
const OLDEST_NODE = [22, 18] as const;

/**
 * Looks at everything a service with the environment `env`, in `directory`, needs to send telemetry, and tries its back
 * ends. Nothing is started and nothing is recorded. Never rejects.
 */
export async function* examine(
  env: Env,
  directory: string,
  { triesBackEnds = true }: { readonly triesBackEnds?: boolean } = {},
): AsyncGenerator<Examination> {
  yield { subject: `Node ${process.versions.node}`, findings: examineNode(process.versions.node) };
  yield { subject: "packages", findings: findTwoCopies(join(directory, "index.js")).map(describeTwoCopies) };
  const { config, problems } = readConfig(env);
  const { faults } = await loadRules(config.samplingRules, config.serviceName);
  yield { subject: "variables", findings: [...problems.map(({ message }) => message), ...faults] };
  if (config.disabled) {
    yield { subject: "OTEL_SDK_DISABLED=true: telemetry is off, by intent", findings: [] };
    return;
  }
  const failures = await examineLoading();
  yield { subject: "loading telemetry", findings: failures };
  if (failures.length > 0) return;
  yield { subject: describeDestinations(config), findings: [] };
  if (triesBackEnds) yield* examineBackEnds(config);
}

/** The application's copy of the API may be too old; whatever needs a newer one is imported after this. */
async function examineLoading(): Promise<string[]> {
  try {
    await import("../start.ts");
    return [];
  } catch (error) {
    return [describeLoadFailure(error)];
  }
}

export function examineNode(version: string): string[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld
    ? [
        `Node ${version} is too old: telemetry needs ${oldestMajor}.${oldestMinor} or newer. Install Node 24 (LTS).`,
      ]
    : [];
}

async function* examineBackEnds(config: Config): AsyncGenerator<Examination> {
  for (const endpoint of listEndpoints(config)) {
    const subject = `${endpoint.items} to ${new URL(endpoint.url).host}`;
    const fault = await findFault(endpoint.url);
    const findings =
      fault === undefined ? await ask(endpoint, config) : [describeUnreachable(endpoint, fault)];
    yield { subject, findings };
  }
}

/** Somebody answers there; whether they take telemetry, and from us, only a request tells. */
async function ask({ signal, url }: Endpoint, config: Config): Promise<string[]> {
  if (signal !== "sentry") {
    const { otlp } = config[signal];
    const timeoutMillis = Math.min(otlp.timeoutMillis, LONGEST_TRIAL_MILLIS);
    const { askOtlp } = await import("../exporters/index.ts");
    return askOtlp(signal === "traces" ? "spans" : "log records", { ...otlp, timeoutMillis });
  }
  const { askSentry } = await import("../sentry/index.ts");
  const fault = await askSentry(url);
  if (fault === undefined) return [];
  const fix =
    "Compare SENTRY_DSN with the client key of the project (Settings, Client Keys), and check the network.";
  return [`Sentry does not take what is sent to ${new URL(url).host}: ${fault}. ${fix}`];
}

function describeDestinations({ traces, logs, sentry }: Config): string {
  const name = (exporters: ReadonlySet<string>): string => [...exporters].join(" and ") || "nowhere";
  const errors = sentry?.errors ? "Sentry" : "nowhere";
  return `destinations: spans to ${name(traces.exporters)}, logs to ${name(logs.exporters)}, errors to ${errors}`;
}
