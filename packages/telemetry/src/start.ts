import { diag, DiagLogLevel } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
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
import { createTargetSampler, createTargetTest, InboundRule, TracePropagator } from "./propagation/index.ts";
import { createResource } from "./resource/index.ts";
import { createFindRule, createSampler } from "./sampling/index.ts";
import { loadRules } from "./sampling/load-rules.ts";
import { createScrubber } from "./scrubbing/index.ts";
import type { SentryBridge } from "./sentry/index.ts";
import { startSdk } from "./sdk/start-sdk.ts";
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
  const maxTextLength = {
    spans: config.traces.limits.attributeValueLengthLimit,
    logs: config.logs.limits.attributeValueLengthLimit,
  };
  const bridge = await startBridge({ config, hooks: options.sentry, businessKeys, reporter });
  const isTarget = createTargetTest(options.tracePropagationTargets ?? config.propagationTargets, reportOnce);
  const spanSinks = createSpanSinks(config.traces, reportOnce);
  const logSinks = createLogSinks(config.logs, reportOnce);
  const toSentry = readSentryShare(config, bridge);
  const { spanDoor, logDoor } = createDoors({
    spanSinks:
      bridge && (toSentry.spans || toSentry.errorsOfSpans) ? [...spanSinks, bridge.spanProcessor] : spanSinks,
    logSinks: bridge && toSentry.logs ? [...logSinks, bridge.logProcessor] : logSinks,
    maxTextLength,
    businessKeys,
    reporter,
  });
  const { rules, faults } = await loadRules(config.samplingRules, config.serviceName);
  for (const fault of faults) reportOnce(`variable:${fault}`, fault);
  const browser = { config: config.browser, untracedPaths: new Set<string>() };
  const sampler = createSampler({
    ...(spanSinks.length > 0 && { otlp: createOtlpSampler(config.sampler) }),
    ...(bridge &&
      config.sentry &&
      toSentry.spans && { sentry: { ...config.sentry, ignores: (span) => bridge.ignoresSegment(span) } }),
    findRule: createFindRule(rules),
    untracedPaths: browser.untracedPaths,
    recordForErrors: toSentry.errorsOfSpans,
  });

  listenToOpenTelemetry(config, reporter);
  const sdk = startSdk({
    resource: createResource(
      config.resourceAttributes,
      createScrubber({ businessKeys, maxTextLength: maxTextLength.spans }),
    ),
    ...(bridge && { contextManager: bridge.contextManager }),
    propagator: createPropagator(config, options, bridge, isTarget !== undefined),
    sampler: createTargetSampler(sampler, isTarget),
    spanLimits: config.traces.limits,
    spanProcessor: spanDoor,
    logLimits: config.logs.limits,
    logProcessor: logDoor,
    instrumentations: createInstrumentations({ businessKeys, sendLogs: config.logs.exporters.size > 0 }),
  });
  const parts = { sdk, spanDoor, logDoor, spanSinks, logSinks, bridge, businessKeys, browser, reporter };
  const sendErrors = config.sentry?.errors ?? false;
  return createRunningTelemetry({ ...parts, sendErrors, sendSentryLogs: toSentry.logs });
}

/** What Sentry gets. Errors go there whenever there is a DSN, also those that spans record which it does not get. */
function readSentryShare(
  { traces, logs, sentry }: Config,
  bridge: SentryBridge | undefined,
): { spans: boolean; errorsOfSpans: boolean; logs: boolean } {
  const spans = bridge !== undefined && traces.exporters.has("sentry");
  return {
    spans,
    errorsOfSpans: bridge !== undefined && !spans && sentry?.errors === true,
    logs: logs.exporters.has("sentry"),
  };
}

function createPropagator(
  config: Config,
  { preferOnConflict }: StartOptions,
  bridge: SentryBridge | undefined,
  hasTargets: boolean,
): TracePropagator {
  const { trustInbound: trust } = config;
  return new TracePropagator({
    formats: config.propagators,
    ...(bridge && { dsc: bridge.dscSource }),
    ...(preferOnConflict && { preferOnConflict }),
    hasTargets,
    // Who the user is, and which request this is, nobody outside may say: only these keys.
    ...(trust !== "all" && { inbound: new InboundRule(trust, new Set(config.businessKeys)) }),
  });
}

function listenToOpenTelemetry(config: Config, reporter: Reporter): void {
  const logLevel = DiagLogLevel[config.logLevel.toUpperCase() as keyof typeof DiagLogLevel];
  diag.setLogger(createDiagLogger(reporter, variableNames), { logLevel, suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => {
    if (error instanceof ExportFailure) return;
    const message = typeof error === "string" ? error : (error.message ?? "unknown");
    reporter.once(`opentelemetry:${message.slice(0, 120)}`, `OpenTelemetry reports: ${message}`);
  });
}
