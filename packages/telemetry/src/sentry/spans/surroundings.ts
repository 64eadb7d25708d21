import type { Context, SpanKind } from "@opentelemetry/api";
import type { Scope } from "@sentry/core";
import type { SpanScopes } from "../scopes/span-scopes.ts";
import type { AttributeGroup } from "./attribute-text.ts";
import type { DescribedSpan, SentryName } from "./naming.ts";

/** What is said of a span's request, save what the span says itself. */
export interface RequestFacts {
  readonly isLocalhost: boolean;
  /** Without query and fragment. */
  readonly url?: string;
  readonly method?: string;
}

/** What a scope knows of the request it was made for. */
export type RequestMetadata = ReturnType<Scope["getScopeData"]>["sdkProcessingMetadata"];

/** Where spans are made: in a process that serves requests, or in a page. */
export interface Surroundings {
  /** What Sentry calls a span. `route` is what the framework matched, before the span has it. */
  nameSpan(span: DescribedSpan, route?: string): SentryName;
  /** Who made a span, in the words of Sentry's own instrumentations; `manual` is the application. */
  readOrigin(scopeName: string, kind: SpanKind, op?: string): string;
  /** On every segment. */
  readMachine(): AttributeGroup;
  /** @param userAddress the address that the application gave the user, where the request has none */
  readRequest(metadata: RequestMetadata, userAddress: unknown): RequestFacts;
  /** `context`, for what Sentry's code and the application's hooks are to do in the scopes of a span. */
  withScopes(context: Context, scopes: SpanScopes): Context;
}
