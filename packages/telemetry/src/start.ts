import { diag, DiagLogLevel } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { withRequestKeys } from "./business-context/index.ts";
import { readConfig, variableNames } from "./config/index.ts";
import type { Config } from "./config/index.ts";
import { createLogSinks, createSpanSinks, ExportFailure } from "./exporters/index.ts";
import { createInstrumentations, installLoaderHook } from "./instrumentation/index.ts";
import type { StartOptions } from "./options.ts";
import {
  createDoors,
  createOtlpSampler,
  createRunningTelemetry,
  flushAtExit,
  startBridge,
} from "./pipeline/index.ts";
import { createDiagLogger, createReporter } from "./problems/index.ts";
import type { Reporter } from "./problems/index.ts";
import { createTargetSampler, createTargetTest, TracePropagator } from "./propagation/index.ts";
import { createResource } from "./resource/index.ts";
import { createSampler, loadRules } from "./sampling/index.ts";
import { createScrubber } from "./scrubbing/index.ts";
import { checkStart, findLatePackages } from "./self-check/index.ts";
import { getRunningTelemetry, setRunningTelemetry } from "./telemetry.ts";
import type { RunningTelemetry, Telemetry } from "./telemetry.ts";

/**
 * Starts telemetry as the variables in `env` say; docs/configuration.md lists them. Instruments modules that are
 * imported later, so await it in a file of its own that Node loads first (`node --import ./instrument.ts main.ts`), or
 * without options start Node with `--import @tracebridge/telemetry/register`. A second call changes nothing and returns
 * the running pipeline. Never throws: the service runs without telemetry at worst.
 */
export async function startTelemetry(options: StartOptions): Promise<Telemetry | undefined> {
  const reporter = createReporter((line) => console.error(line));
  const running = getRunningTelemetry();
  if (running || starting) {
    reporter.once(
      "started-twice",
      "Telemetry was started a second time in this process; the first one goes on.",
    );
    return running ?? starting;
  }
  starting = start(options, reporter);
  return starting;
}

let starting: Promise<Telemetry | undefined> | undefined;

async function start(options: StartOptions, reporter: Reporter): Promise<Telemetry | undefined> {
  const { config, problems } = readConfig(options.env);
  if (config.disabled) return undefined;
  for (const problem of problems) reporter.once(`variable:${problem.variable}`, problem.message);
  const latePackages = findLatePackages();
  try {
    const telemetry = await startPipeline(config, options, reporter);
    setRunningTelemetry(telemetry);
    // After the start, since the instrumentations must exist when modules are hooked.
    installLoaderHook();
    flushAtExit(telemetry);
    checkStart({ config, latePackages }, reporter);
    return telemetry;
  } catch (error) {
    reporter.once("start-failed", `Telemetry could not start, the service runs without it: ${String(error)}`);
    return undefined;
  }
}

async function startPipeline(
  config: Config,
  options: StartOptions,
  reporter: Reporter,
): Promise<RunningTelemetry> {
  const reportOnce: Reporter["once"] = (key, message) => reporter.once(key, message);
  const businessKeys = withRequestKeys(config.businessKeys);
  const maxTextLength = config.traces.limits.attributeValueLengthLimit;
  const resource = createResource(config.resourceAttributes, createScrubber({ businessKeys, maxTextLength }));
  const bridge = await startBridge({ config, hooks: options.sentry, businessKeys, reporter });
  const { rules, faults } = await loadRules(config.samplingRules, config.serviceName);
  for (const fault of faults) reportOnce(`variable:${fault}`, fault);
  const isTarget = createTargetTest(options.tracePropagationTargets ?? config.propagationTargets, reportOnce);
  const hasSentrySpans = bridge !== undefined && config.traces.exporters.has("sentry");
  // Errors go to Sentry whenever there is a DSN, also those that spans record.
  const isWatchedForErrors = bridge !== undefined && !hasSentrySpans && config.sentry?.errors === true;

  const spanSinks = createSpanSinks(config.traces, reportOnce);
  const logSinks = createLogSinks(config.logs, reportOnce);
  const { spanDoor, logDoor } = createDoors({
    spanSinks:
      bridge && (hasSentrySpans || isWatchedForErrors) ? [...spanSinks, bridge.spanProcessor] : spanSinks,
    logSinks: bridge && config.logs.exporters.has("sentry") ? [...logSinks, bridge.logProcessor] : logSinks,
    maxTextLength: {
      spans: maxTextLength,
      logs: config.logs.attributeValueLengthLimit,
    },
    businessKeys,
    reporter,
  });

  // NodeSDK would read what is left out from the environment: every part is given, an empty list where there is none.
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource,
    ...(bridge && { contextManager: bridge.contextManager }),
    textMapPropagator: new TracePropagator({
      formats: config.propagators,
      ...(bridge && { dsc: bridge.dscSource }),
      ...(options.preferOnConflict && { preferOnConflict: options.preferOnConflict }),
      hasTargets: isTarget !== undefined,
      trustInbound: config.trustInbound,
      // Who the user is, and which request this is, nobody outside may say: only these keys.
      outsideKeys: new Set(config.businessKeys),
    }),
    sampler: createTargetSampler(
      createSampler({
        ...(spanSinks.length > 0 && { otlp: createOtlpSampler(config.sampler) }),
        ...(hasSentrySpans &&
          config.sentry && {
            sentry: { ...config.sentry, ignores: (span) => bridge.ignoresSegment(span) },
          }),
        rules,
        recordForErrors: isWatchedForErrors,
      }),
      isTarget,
    ),
    spanLimits: { ...config.traces.limits },
    spanProcessors: [spanDoor],
    logRecordProcessors: [logDoor],
    metricReaders: [],
    instrumentations: createInstrumentations({ businessKeys, sendLogs: config.logs.exporters.size > 0 }),
  });
  listenToOpenTelemetry(config, reporter);
  sdk.start();
  const sendErrors = config.sentry?.errors ?? false;
  const sendSentryLogs = config.logs.exporters.has("sentry");
  const parts = { sdk, spanDoor, logDoor, spanSinks, logSinks, bridge, businessKeys, reporter };
  return createRunningTelemetry({ ...parts, sendErrors, sendSentryLogs });
}

/** After NodeSDK was built: it sets a logger of its own when OTEL_LOG_LEVEL is set. */
function listenToOpenTelemetry(config: Config, reporter: Reporter): void {
  const logLevel = DiagLogLevel[config.logLevel.toUpperCase() as keyof typeof DiagLogLevel];
  diag.setLogger(createDiagLogger(reporter, variableNames), { logLevel, suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => {
    if (error instanceof ExportFailure) return;
    const message = typeof error === "string" ? error : (error.message ?? "unknown");
    reporter.once(`opentelemetry:${message.slice(0, 120)}`, `OpenTelemetry reports: ${message}`);
  });
}
