import { getCombinedScopeData } from "@sentry/core";
import type { Event } from "@sentry/core";
import type { DscSource } from "../../propagation/index.ts";
import { createBusinessContexts, createTraceContext } from "./error-capture.ts";
import type { RecordedError } from "./recorded-errors.ts";

/**
 * Moves an event to where its error was recorded: into the trace, with the user, the breadcrumbs and the ids of that
 * place. Outside of it, where the error was caught or ended the process, none of them is known any more.
 */
export function adoptRecorded(
  event: Event,
  { span, scopes, businessIds }: RecordedError,
  dsc: DscSource,
): void {
  const { user, tags, breadcrumbs } = getCombinedScopeData(scopes.isolationScope, scopes.scope);
  const dynamicSamplingContext = dsc.readDsc(span.spanContext());
  event.user = { ...user, ...event.user };
  event.tags = { ...tags, ...event.tags, ...businessIds };
  event.breadcrumbs = [...breadcrumbs, ...(event.breadcrumbs ?? [])];
  event.contexts = {
    ...event.contexts,
    trace: createTraceContext(span),
    ...createBusinessContexts(businessIds),
  };
  event.sdkProcessingMetadata = {
    ...event.sdkProcessingMetadata,
    // The segment keeps its own; that of an event is its processors' to change.
    ...(dynamicSamplingContext && { dynamicSamplingContext: { ...dynamicSamplingContext } }),
  };
}
