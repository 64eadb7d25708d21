import { addBreadcrumb, getAsyncContextStrategy, getMainCarrier } from "@sentry/core";
import { TracePropagator } from "../propagation/index.ts";
import type { DscSource } from "../propagation/index.ts";
import type { Segment } from "../trace-state/index.ts";
import { createBridgeCore } from "./bridge-core.ts";
import type { BridgeClient } from "./client/bridge-client.ts";
import { Ledger } from "./client/ledger.ts";
import { createReplacementCheck } from "./client/replacement-check.ts";
import { ClientShutdown, flushClient } from "./client/shutdown.ts";
import { startClient } from "./client/start-client.ts";
import type { StartedNodeClient } from "./client/start-client.ts";
import { readStats } from "./client/stats.ts";
import { LogBuffer } from "./logs/log-buffer.ts";
import { SentryLogProcessor } from "./logs/log-processor.ts";
import { installAsyncStrategy } from "./scopes/async-strategy.ts";
import { ScopedContextManager } from "./scopes/context-manager.ts";
import { adoptScopes, chooseScopes, withScopes } from "./scopes/segment-scopes.ts";
import { readLiveSpan } from "./span-functions/root-span.ts";
import type { ReadRoot } from "./span-functions/root-span.ts";
import { provideSpanFunctions } from "./span-functions/span-functions.ts";
import { BytePages } from "./spans/byte-pages.ts";
import { MachineAttributes } from "./spans/machine-attributes.ts";
import { nameSpan } from "./spans/naming.ts";
import { readOrigin } from "./spans/origin.ts";
import { readRequestFacts } from "./spans/request-facts.ts";
import { readScrubbing } from "./spans/shared-attributes.ts";
import type { Scrubbing } from "./spans/shared-attributes.ts";
import { SentrySpanProcessor } from "./spans/span-processor.ts";
import type { Surroundings } from "./spans/surroundings.ts";
import type { SentryBridge, SentryEnvelope, SentryOptions } from "./types.ts";

const DEFAULT_TIMEOUT_MILLIS = 5_000;
type CoreEnvelope = Parameters<BridgeClient["sendEnvelope"]>[0];

/**
 * Connects OpenTelemetry to one Sentry project; the only place where the bridge's parts meet. It installs itself as
 * Sentry's client and async strategy of the process; the caller registers the context manager and the processors.
 */
export function startSentry(options: SentryOptions): SentryBridge {
  const ledger = new Ledger();
  const shutdown = (timeoutMillis: number) => ending.start(timeoutMillis);
  const shutdownInTime = () => shutdown(DEFAULT_TIMEOUT_MILLIS);
  const started = startClient(options, ledger, options.shutdownOnFatal ?? shutdownInTime);
  const { client, transport } = started;
  const scrubbing = readScrubbing(options);
  const surroundings = createSurroundings(started, scrubbing);
  const store = new BytePages();
  const core = createBridgeCore({ client, transport, ledger, options, surroundings, scrubbing, store });
  const { states, dscSource, errors, ignored } = core;
  const readRoot = (segment: Segment) => readLiveSpan(states.get(segment).root);
  const { contextManager, isInForce } = installScopes(dscSource, readRoot);
  provideSpanFunctions({ client, dscSource, readRoot, onProblem: options.onProblem });
  const logBuffer = createLogBuffer(client, ledger);

  const forceFlush = (timeoutMillis: number) => flushClient(client, timeoutMillis);
  const endings = { forceFlush: () => forceFlush(DEFAULT_TIMEOUT_MILLIS), shutdown: shutdownInTime };
  const common = { client, ledger, options, ...endings };
  const checkSetUp = createReplacementCheck(client, isInForce, options.onProblem);
  const spanProcessor = new SentrySpanProcessor({ ...common, ...core, chooseScopes, checkSetUp });
  const logProcessor = new SentryLogProcessor({ ...common, buffer: logBuffer, dsc: dscSource });
  const ending = new ClientShutdown(started, [spanProcessor, logProcessor]);

  return {
    contextManager,
    spanProcessor,
    logProcessor,
    dscSource,
    sendsSpans: options.spans !== false,
    ignoresSegment: (span) => ignored.ignoresStarted(span, true),
    captureError: (error, details = {}) => errors.capture(error, details),
    captureMessage: (message, details = {}) => errors.captureMessage(message, details),
    addBreadcrumb: ({ data, ...crumb }) => addBreadcrumb({ ...crumb, ...(data && { data: { ...data } }) }),
    stats: () => readStats(ledger, transport),
    forceFlush,
    shutdown,
  };
}

function createSurroundings(
  { client, machine }: StartedNodeClient,
  { scrubAttribute }: Scrubbing,
): Surroundings {
  const attributes = new MachineAttributes(client, machine, scrubAttribute);
  return {
    nameSpan,
    readOrigin,
    readMachine: () => attributes.read(),
    readRequest: readRequestFacts,
    withScopes: (context, scopes) => withScopes(context, adoptScopes(scopes)),
  };
}

function createLogBuffer(client: BridgeClient, ledger: Ledger): LogBuffer {
  const send = (envelope: SentryEnvelope) => void client.sendEnvelope(envelope as unknown as CoreEnvelope);
  const buffer = new LogBuffer(client, send);
  // Logs that the application writes by Sentry's own functions pass through its client alone.
  client.on("beforeCaptureLog", () => ledger.accept("log_item"));
  client.on("beforeSendSession", () => ledger.accept("session"));
  client.on("flush", () => buffer.drain());
  return buffer;
}

function installScopes(
  dsc: DscSource,
  readRoot: ReadRoot,
): { contextManager: ScopedContextManager; isInForce: () => boolean } {
  // The client's own set-up has just chosen the storage that Sentry's channel subscriptions bind to.
  const storage = getAsyncContextStrategy(getMainCarrier()).getTracingChannelBinding?.()?.asyncLocalStorage;
  const contextManager = new ScopedContextManager(storage);
  const formats = { tracecontext: true, baggage: true, sentry: true };
  return {
    contextManager,
    isInForce: installAsyncStrategy(contextManager, new TracePropagator({ formats, dsc }), readRoot),
  };
}
