import { toHaveEdge } from "./to-have-edge.ts";
import { toHaveSpan } from "./to-have-span.ts";
import { toMatchAcrossBackends } from "./to-match-across-backends.ts";
import type { EdgeOptions } from "./to-have-edge.ts";
import type { ExpectedSpan } from "./expected-span.ts";
import type { MatchOptions } from "./to-match-across-backends.ts";

/** For `expect.extend(matchers)` of Vitest or Jest. */
export const matchers = { toHaveSpan, toHaveEdge, toMatchAcrossBackends };

/** The matchers as they are called, to declare them to a test framework. */
export interface TraceMatchers<R> {
  /** At least one span that arrived is as expected. */
  toHaveSpan(expected: ExpectedSpan): R;
  /** Service `to` has a span whose parent is a span of service `from`. */
  toHaveEdge(from: string, to: string, options?: EdgeOptions): R;
  /** Sentry and the OTLP back end tell the same of every trace that arrived; each difference is explained by a rule. */
  toMatchAcrossBackends(options?: MatchOptions): R;
}
