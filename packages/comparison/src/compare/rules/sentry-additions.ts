import type { Scene, Side } from "../scene.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import type { Fact, Prediction, Rule } from "./rule.ts";

/** What Sentry's SDK adds to every span. */
const spanAttributes: ReadonlySet<string> = new Set([
  "sentry.sdk.name",
  "sentry.sdk.version",
  "sentry.is_localhost",
]);

/** What Sentry's SDK adds to the first span of a segment. */
const segmentAttributes: ReadonlySet<string> = new Set([
  "sentry.sdk.integrations",
  "process.runtime.name",
  "process.runtime.version",
  "process.runtime.engine.name",
  "process.runtime.engine.version",
  "app.start_time",
  "app.memory",
  "app.free_memory",
  "device.archs",
  "device.boot_time",
  "device.memory_size",
  "device.free_memory",
  "device.processor_count",
  "device.cpu_description",
  "device.processor_frequency",
  "culture.locale",
  "culture.timezone",
  "culture.calendar",
  "os.name",
  "os.version",
  "os.kernel_version",
]);

const userAttributes: ReadonlySet<string> = new Set([
  "user.id",
  "user.email",
  "user.name",
  "user.ip_address",
]);
const addressAttributes: ReadonlySet<string> = new Set(["client.address", "network.peer.address"]);

/** Sentry has it, so the other side has not. */
function predictNothing({ rich, poor }: Fact): Prediction | undefined {
  return rich === undefined && poor !== undefined ? { side: "rich", value: undefined } : undefined;
}

function isOnSegment({ pair }: Fact, { rich }: Scene): boolean {
  return (
    pair !== undefined && (pair.poor.isSegment === true || rich.segmentOf(pair.rich) === pair.rich.spanId)
  );
}

function isRate(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value <= 1;
}

function isOnServer({ pair }: Fact): boolean {
  return pair?.rich.kind === "server" || pair?.poor.kind === "server";
}

/** Each service has its own settings. A client has the address of its server, which is no personal data. */
function isOnAnyServer({ trace, attributeKeys }: Side, key: string, service: string | undefined): boolean {
  return (
    attributeKeys.has(key) &&
    trace.spans.some(
      (span) => span.kind === "server" && span.service === service && Object.hasOwn(span.attributes, key),
    )
  );
}

export const sentryAdditionRules: readonly Rule[] = [
  {
    id: "sentry-sdk-attributes",
    title: "Sentry's SDK adds what describes itself",
    reason: "They name the SDK and what it saw of the request; OpenTelemetry has no such thing on a span.",
    source: "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/",
    field: "attribute",
    isAbout: (key = "") => spanAttributes.has(key),
    isBetween,
    predict: predictNothing,
  },
  {
    id: "sentry-segment-context",
    title: "Sentry's SDK describes process and machine on every segment",
    reason:
      "Contexts of an event (device, system, runtime, culture, app) are attributes of a streamed segment.",
    source:
      "https://github.com/getsentry/sentry-javascript/blob/develop/packages/core/src/tracing/spans/scopeContextAttributes.ts",
    field: "attribute",
    isAbout: (key = "") => segmentAttributes.has(key),
    isBetween,
    predict: (fact, scene) => (isOnSegment(fact, scene) ? predictNothing(fact) : undefined),
  },
  {
    id: "sentry-sample-rate",
    title: "Sentry's segments say at which rate they were sampled",
    reason:
      "`sentry.sample_rate` is the rate at which this process sampled the trace, a number above 0 and up to 1. OpenTelemetry's spans do " +
      "not tell theirs.",
    source: "https://develop.sentry.dev/sdk/telemetry/traces/dynamic-sampling-context/",
    field: "attribute",
    key: "sentry.sample_rate",
    isBetween,
    predict: (fact, scene) =>
      isOnSegment(fact, scene) && isRate(fact.poor) ? predictNothing(fact) : undefined,
  },
  {
    id: "sentry-user",
    title: "Sentry has the user of its scope on every span",
    reason:
      "Sentry's SDK copies the user that was set on its scope; OpenTelemetry's spans know nothing of scopes.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/enriching-events/identify-user/",
    field: "attribute",
    isAbout: (key = "") => userAttributes.has(key),
    isBetween,
    // A side that has it on some span could have had it here, too.
    predict: (fact, { rich }) => (rich.attributeKeys.has(fact.key ?? "") ? undefined : predictNothing(fact)),
  },
  {
    id: "sentry-client-address",
    title: "Sentry is not sent the client's address",
    reason: "The address of a client is personal data; Sentry's SDK leaves it out unless told to collect it.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/data-management/data-collected/",
    field: "attribute",
    isAbout: (key = "") => addressAttributes.has(key),
    isBetween,
    predict: (fact, { poor }) =>
      isOnServer(fact) && !isOnAnyServer(poor, fact.key ?? "", fact.pair?.poor.service)
        ? { side: "poor", value: undefined }
        : undefined,
  },
];
