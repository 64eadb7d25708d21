import { context, trace } from "@opentelemetry/api";
import { getRPCMetadata } from "@opentelemetry/core";
import type { EventHint } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { Ledger } from "../client/ledger.ts";
import type { SegmentState, SegmentStates } from "../spans/segment-state.ts";
import type { SentryOptions } from "../types.ts";
import { createBusinessContexts } from "./error-capture.ts";
import { readErrorKey } from "./error-key.ts";

/**
 * Gives every error and message, whoever captures it, the service's name, the business ids and the name of its
 * segment. Trace id, span id and the dynamic sampling context come from Sentry's own code by way of our async
 * strategy.
 */
export function addEventContext(
  client: BridgeClient,
  ledger: Ledger,
  states: SegmentStates,
  options: SentryOptions,
): void {
  /** The hint is the one object that stays the same from the first hook to the last. */
  const segments = new WeakMap<EventHint, SegmentState>();

  client.on("preprocessEvent", (event, hint) => {
    if (event.type !== undefined) return;
    ledger.accept("error");
    const active = context.active();
    const ids = options.readBusinessContext(active);
    event.tags = { ...event.tags, service: options.serviceName, ...ids };
    event.contexts = { ...event.contexts, ...createBusinessContexts(ids) };
    const segment = readSegment(trace.getSpanContext(active));
    if (!segment || !hint) return;
    const state = states.get(segment);
    state.rpc ??= getRPCMetadata(active);
    segments.set(hint, state);
    const key = readErrorKey(hint.originalException);
    if (key !== undefined) state.errors.markCaptured(key);
  });

  client.on("postprocessEvent", (event, hint) => {
    if (event.type !== undefined) return;
    event.tags = { ...options.tags, ...event.tags };
    const name = hint && segments.get(hint)?.readName();
    if (name && name.source !== "url") event.transaction = name.name;
  });
}
