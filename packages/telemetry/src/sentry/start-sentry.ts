import { addBreadcrumb, getAsyncContextStrategy, getMainCarrier } from "@sentry/core";
import { TracePropagator } from "../propagation/index.ts";
import type { DscSource } from "../propagation/index.ts";
import type { Segment } from "../trace-state/index.ts";
import type { BridgeClient } from "./client/bridge-client.ts";
import { createReplacementCheck } from "./client/replacement-check.ts";
import { ClientShutdown, flushClient } from "./client/shutdown.ts";
import type { StartedClient } from "./client/shutdown.ts";
import { startClient } from "./client/start-client.ts";
import { Ledger } from "./client/ledger.ts";
import { ClientDscSource, provideDscToClient } from "./dsc.ts";
import { ErrorCapture } from "./errors/error-capture.ts";
import { addEventContext } from "./errors/event-context.ts";
import { addEventUser } from "./errors/event-user.ts";
import { LogBuffer } from "./logs/log-buffer.ts";
import { SentryLogProcessor } from "./logs/log-processor.ts";
import { installAsyncStrategy } from "./scopes/async-strategy.ts";
import { ScopedContextManager } from "./scopes/context-manager.ts";
import { IgnoredSpans } from "./spans/ignored-spans.ts";
import { readLiveSpan } from "./span-functions/root-span.ts";
import type { ReadRoot } from "./span-functions/root-span.ts";
import { provideSpanFunctions } from "./span-functions/span-functions.ts";
import { SegmentStates } from "./spans/segment-state.ts";
import { MachineAttributes } from "./spans/machine-attributes.ts";
import { SharedAttributes } from "./spans/shared-attributes.ts";
import type { Scrubbing } from "./spans/shared-attributes.ts";
import { describeSpanProblem } from "./spans/span-problem.ts";
import { rememberTexts } from "./remember-texts.ts";
import { SpanBuffer } from "./spans/span-buffer.ts";
import { EnvelopeWriter } from "./spans/span-envelope.ts";
import { SpanHooks } from "./spans/span-hooks.ts";
import { SentrySpanProcessor } from "./spans/span-processor.ts";
import type { SentryBridge, SentryEnvelope, SentryOptions } from "./types.ts";
import type { SentryStats } from "../telemetry.ts";

const DEFAULT_TIMEOUT_MILLIS = 5_000;
type CoreEnvelope = Parameters<BridgeClient["sendEnvelope"]>[0];

/**
 * Connects OpenTelemetry to one Sentry project; the only place where the bridge's parts meet. It installs itself as
 * Sentry's client and async strategy of the process; the caller registers the context manager and the processors.
 */
export function startSentry(options: SentryOptions): SentryBridge {
  const ledger = new Ledger();
  const states = new SegmentStates();
  const shutdown = (timeoutMillis: number) => ending.start(timeoutMillis);
  const shutdownInTime = () => shutdown(DEFAULT_TIMEOUT_MILLIS);
  const started = startClient(options, ledger, options.shutdownOnFatal ?? shutdownInTime);
  const { client } = started;
  const scrubbing = readScrubbing(options);
  const dscSource = createDscSource(client, states, scrubbing);
  const readRoot = (segment: Segment) => readLiveSpan(states.get(segment).root);
  const { contextManager, isInForce } = installScopes(dscSource, readRoot);
  provideSpanFunctions({ client, dscSource, readRoot, onProblem: options.onProblem });

  const errors = new ErrorCapture(client, states, options);
  addEventContext({ client, ledger, states, errors, dsc: dscSource, options });
  addEventUser(client);
  const ignored = new IgnoredSpans(options.hooks?.ignoreSpans, options.ignoreTransactions);
  const machine = new MachineAttributes(client, started.machine, scrubbing.scrubAttribute);
  const shared = new SharedAttributes(client, machine, options, scrubbing);
  const { spanBuffer, logBuffer } = createBuffers({ started, dscSource, ledger, errors, shared, options });

  const forceFlush = (timeoutMillis: number) => flushClient(client, timeoutMillis);
  const endings = { forceFlush: () => forceFlush(DEFAULT_TIMEOUT_MILLIS), shutdown: shutdownInTime };
  const common = { client, ledger, options, ...endings };
  const checkSetUp = createReplacementCheck(client, isInForce, options.onProblem);
  const hooks = new SpanHooks(client, options.scrubEnvelope);
  const spanParts = { ...common, states, buffer: spanBuffer, shared, hooks, ignored, errors, checkSetUp };
  const spanProcessor = new SentrySpanProcessor(spanParts);
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
    stats: () => readStats(ledger, started),
    forceFlush,
    shutdown,
  };
}

interface BufferParts {
  readonly started: StartedClient;
  readonly dscSource: DscSource;
  readonly ledger: Ledger;
  readonly errors: ErrorCapture;
  readonly shared: SharedAttributes;
  readonly options: SentryOptions;
}

/** What waits to be sent, and joins in when the client is flushed. */
function createBuffers({ started, dscSource, ledger, errors, shared, options }: BufferParts) {
  const { client, transport } = started;
  const spanBuffer = new SpanBuffer({
    client,
    dscSource,
    envelopes: new EnvelopeWriter(client, shared.scrubAttribute),
    scrubText: shared.scrubText,
    send: (envelopes) => client.sendSpans(envelopes, transport),
    onProblem: (error) => options.onProblem(describeSpanProblem(error)),
  });
  const send = (envelope: SentryEnvelope) => void client.sendEnvelope(envelope as unknown as CoreEnvelope);
  const logBuffer = new LogBuffer(client, send);
  // Logs that the application writes by Sentry's own functions pass through its client alone.
  client.on("beforeCaptureLog", () => ledger.accept("log_item"));
  client.on("beforeSendSession", () => ledger.accept("session"));
  client.on("flush", () => {
    errors.sendAll();
    spanBuffer.drain();
    logBuffer.drain();
  });
  return { spanBuffer, logBuffer };
}

function readStats(ledger: Ledger, { transport }: StartedClient): SentryStats {
  return {
    spans: ledger.read("span"),
    logs: ledger.read("log_item"),
    errors: ledger.read("error"),
    sessions: ledger.read("session"),
    spanEvents: ledger.read("span_event"),
    queue: transport?.readQueue() ?? { envelopes: 0, bytes: 0 },
  };
}

/** Names of segments are few, and each is sent with all its spans and with every call that its segments make. */
function readScrubbing({ scrubText, scrubAttribute = (_key, value) => value }: SentryOptions): Scrubbing {
  return { scrubText: scrubText ? rememberTexts(scrubText) : (text) => text, scrubAttribute };
}

function createDscSource(client: BridgeClient, states: SegmentStates, { scrubText }: Scrubbing): DscSource {
  const source = new ClientDscSource(client, {
    readTransaction: (segment) => {
      const name = states.get(segment).readName();
      return name && name.source !== "url" ? scrubText(name.name) : undefined;
    },
    findKeptSpan: (segment, spanId) => states.get(segment).findKeptSpan(spanId),
  });
  provideDscToClient(client, source);
  return source;
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
