import { context, trace } from "@opentelemetry/api";
import { getRPCMetadata } from "@opentelemetry/core";
import type { ErrorEvent, Event, EventHint } from "@sentry/core";
import type { DscSource } from "../../propagation/index.ts";
import { readSegment } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { Ledger } from "../client/ledger.ts";
import type { SegmentState, SegmentStates } from "../spans/segment-state.ts";
import type { SentryOptions } from "../types.ts";
import { adoptRecorded } from "./adopt-recorded.ts";
import { createBusinessContexts } from "./error-capture.ts";
import type { ErrorCapture } from "./error-capture.ts";
import { readErrorKey } from "./error-key.ts";
import { readFingerprint } from "./fingerprint.ts";

export interface EventContextParts {
  readonly client: BridgeClient;
  readonly ledger: Ledger;
  readonly states: SegmentStates;
  readonly errors: ErrorCapture;
  readonly dsc: DscSource;
  readonly options: SentryOptions;
}

/**
 * Gives every error and message, whoever captures it, the service's name, the business ids and the name of its
 * segment. Trace id, span id and the dynamic sampling context come from Sentry's own code by way of our async
 * strategy, or from the span that recorded the error.
 */
export function addEventContext(parts: EventContextParts): void {
  const { client, ledger, options } = parts;
  /** The hint is the one object that stays the same from the first hook to the last. */
  const segments = new WeakMap<EventHint, SegmentState>();

  client.on("preprocessEvent", (event, hint) => {
    if (!isError(event)) return;
    ledger.accept("error");
    const ids = options.readBusinessContext(context.active());
    event.tags = { ...event.tags, service: options.serviceName, ...ids };
    event.contexts = { ...event.contexts, ...createBusinessContexts(ids) };
    const state = hint && findSegment(event, hint, parts);
    if (state) segments.set(hint, state);
  });

  client.on("postprocessEvent", (event, hint) => {
    if (!isError(event)) return;
    event.tags = { ...options.tags, ...event.tags };
    const state = hint && segments.get(hint);
    const spanContext = event.contexts?.trace;
    if (state && spanContext) spanContext.span_id = state.findKeptSpan(spanContext.span_id);
    const name = state?.readName();
    const transaction = name && name.source !== "url" ? name.name : undefined;
    if (transaction !== undefined) event.transaction = transaction;
    const fingerprint = readFingerprint(event, hint?.originalException, transaction);
    if (fingerprint) event.fingerprint = fingerprint;
  });
}

/** The segment an event belongs to: the active one, or the one whose span recorded the error before. */
function findSegment(event: Event, hint: EventHint, parts: EventContextParts): SegmentState | undefined {
  const { states, errors, dsc } = parts;
  const active = context.active();
  const segment = readSegment(trace.getSpanContext(active));
  const key = readErrorKey(hint.originalException);
  const state = segment && states.get(segment);
  if (state) {
    state.rpc ??= getRPCMetadata(active);
    if (key !== undefined) state.errors.markCaptured(key);
    return state;
  }
  const found = key === undefined ? undefined : errors.takeRecorded(key);
  if (found) adoptRecorded(event, found.recorded, dsc);
  return found?.state;
}

function isError(event: Event): event is ErrorEvent {
  return event.type === undefined;
}
