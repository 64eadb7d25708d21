import type { Scope } from "@sentry/core";

type ScopeData = ReturnType<Scope["getScopeData"]>;

/** What is asked of a scope at the end of every span. */
export type SpanScopeData = Pick<ScopeData, "user" | "attributes" | "sdkProcessingMetadata">;

/** Sentry's two scopes of the place where a span was started. */
export interface SpanScopes {
  readonly scope: Scope;
  readonly isolationScope: Scope;
  readData(): { readonly current: SpanScopeData; readonly isolation: SpanScopeData };
}
