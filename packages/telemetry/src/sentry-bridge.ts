import type { ContextManager, TextMapPropagator } from "@opentelemetry/api";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { AlwaysOnSampler, ParentBasedSampler } from "@opentelemetry/sdk-trace";
import type { Sampler, SpanProcessor } from "@opentelemetry/sdk-trace";
import { withRequestKeys } from "./business-context/index.ts";
import {
  createBridgeSurroundings,
  createDoors,
  createRunningTelemetry,
  flushAtExit,
  SetUpCheck,
} from "./pipeline/index.ts";
import { createReporter } from "./problems/index.ts";
import type { Reporter } from "./problems/index.ts";
import { createTargetSampler, createTargetTest, TracePropagator } from "./propagation/index.ts";
import type { TargetPattern } from "./propagation/index.ts";
import { createSampler } from "./sampling/index.ts";
import { reportTwoCopies } from "./self-check/index.ts";
import { startSentry } from "./sentry/index.ts";
import type { SentryBridge, SentryHooks } from "./sentry/index.ts";
import { getRunningTelemetry, setRunningTelemetry } from "./telemetry.ts";
import type { Telemetry } from "./telemetry.ts";

export type { SentryStats, SinkStats, Telemetry, TelemetryStats } from "./telemetry.ts";

/** The longest text of an attribute, in characters. */
const MAX_TEXT_LENGTH = 4096;
const HOOKS = [
  "beforeSend",
  "beforeSendSpan",
  "beforeSendLog",
  "beforeBreadcrumb",
  "ignoreErrors",
  "ignoreSpans",
  "orgId",
  "strictTraceContinuation",
] as const satisfies readonly (keyof SentryHooks)[];

/** Functions and patterns (`beforeSendSpan`, `ignoreErrors`, …) are those of Sentry's own SDK. */
export interface SentryBridgeOptions extends SentryHooks {
  /** Without a valid one nothing is sent to Sentry. */
  readonly dsn: string | undefined;
  readonly serviceName: string;
  readonly environment?: string;
  readonly release?: string;
  readonly serverName?: string;
  /** The share of traces Sentry gets, 0 to 1; default 1. What an incoming trace has decided comes first. */
  readonly tracesSampleRate?: number;
  /**
   * Decides which traces the other span processors of the application get, for example a batch to OTLP, and the flag
   * of `traceparent`. Independent of Sentry's decision. Default: what the parent says, otherwise all.
   */
  readonly otherSampler?: Sampler;
  /**
   * Whom HTTP requests send trace headers and baggage to: addresses that contain a text or match a regular expression;
   * credentials, query and fragment are not looked at. Default: trace headers to everybody, baggage to nobody.
   */
  readonly tracePropagationTargets?: readonly TargetPattern[];
  /** The names of ids in baggage that are written onto every span, log and error; default none. */
  readonly businessKeys?: readonly string[];
  /** Prints what Sentry's client does; default false. */
  readonly debug?: boolean;
}

/** The parts for an OpenTelemetry SDK of the application, 2.12 or newer, and the handle of what is behind them. */
export interface StartedSentryBridge extends Telemetry {
  /** Copies, scrubs and sends the spans that end. */
  readonly spanProcessor: SpanProcessor;
  readonly sampler: Sampler;
  /** Speaks `traceparent`, `tracestate`, `baggage` and `sentry-trace`. */
  readonly propagator: TextMapPropagator;
  readonly contextManager: ContextManager;
  /** Scrubs and sends log records. */
  readonly logProcessor: LogRecordProcessor;
}

/**
 * Starts the bridge to Sentry for an application that assembles its own OpenTelemetry SDK. All four parts for traces
 * belong into that SDK; a missing one is told on standard error, save the span processor. Reads no environment variable.
 * Call it once; do not call `Sentry.init`, and do not start Node with `@tracebridge/telemetry/register`. A second call
 * changes nothing and returns what the first one made.
 */
export function startSentryBridge(options: SentryBridgeOptions): StartedSentryBridge {
  running ??= start(options);
  return running;
}

let running: StartedSentryBridge | undefined;

function start(options: SentryBridgeOptions): StartedSentryBridge {
  const businessKeys = withRequestKeys(options.businessKeys ?? []);
  const reporter = createReporter((line) => console.error(line));
  reportCompany(reporter);
  const bridge = startSentry({
    ...readSentryOptions(options),
    ...createBridgeSurroundings(businessKeys, reporter),
  });
  const doors = createDoors({
    spanSinks: [new SetUpCheck(bridge.contextManager, reporter), bridge.spanProcessor],
    logSinks: [bridge.logProcessor],
    maxTextLength: { spans: MAX_TEXT_LENGTH, logs: MAX_TEXT_LENGTH },
    businessKeys,
    reporter,
  });
  const sinks = { spanSinks: [], logSinks: [] };
  const telemetry = createRunningTelemetry({
    ...doors,
    ...sinks,
    bridge,
    sendErrors: true,
    businessKeys,
    reporter,
  });
  setRunningTelemetry(telemetry);
  flushAtExit(telemetry);
  return {
    ...telemetry,
    ...createDecisions(options, bridge, reporter),
    spanProcessor: doors.spanDoor,
    contextManager: bridge.contextManager,
    logProcessor: doors.logDoor,
  };
}

/** Tells what else in the process gets in the way of the bridge. */
function reportCompany(reporter: Reporter): void {
  if (getRunningTelemetry()) {
    reporter.once(
      "started-twice",
      "Telemetry runs already, started by register or startTelemetry; startSentryBridge makes a second one. Remove one.",
    );
  }
  reportTwoCopies(reporter);
}

function createDecisions(
  { otherSampler, tracesSampleRate = 1, tracePropagationTargets: targets }: SentryBridgeOptions,
  bridge: SentryBridge,
  reporter: Reporter,
): Pick<StartedSentryBridge, "sampler" | "propagator"> {
  const sampler = createSampler({
    otlp: otherSampler ?? new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    sentry: { tracesSampleRate, ignores: (span) => bridge.ignoresSegment(span) },
  });
  return {
    sampler: createTargetSampler(
      sampler,
      createTargetTest(targets, (key, message) => reporter.once(key, message)),
    ),
    propagator: new TracePropagator({
      formats: { tracecontext: true, baggage: true, sentry: true },
      dsc: bridge.dscSource,
      hasTargets: targets !== undefined,
    }),
  };
}

function readSentryOptions(options: SentryBridgeOptions) {
  const { dsn = "", serviceName, tracesSampleRate = 1, environment, release, serverName, debug } = options;
  return {
    hooks: readHooks(options),
    dsn,
    serviceName,
    tracesSampleRate,
    ...(environment !== undefined && { environment }),
    ...(release !== undefined && { release }),
    ...(serverName !== undefined && { serverName }),
    ...(debug !== undefined && { debug }),
  };
}

/** Chosen by name: whatever else is given must not reach Sentry's client. */
function readHooks(options: SentryBridgeOptions): SentryHooks {
  return Object.fromEntries(
    HOOKS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}
