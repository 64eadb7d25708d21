import type { Context } from "@opentelemetry/api";
import type { RPCMetadata } from "@opentelemetry/core";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Segment } from "../../trace-state/index.ts";
import { RecordedErrors } from "../errors/recorded-errors.ts";
import type { SpanScopes } from "../scopes/span-scopes.ts";
import type { SentryName } from "./naming.ts";
import type { Surroundings } from "./surroundings.ts";

/** A span of the segment that has started and not ended. */
export interface OpenSpan {
  readonly live: ReadableSpan;
  readonly isRoot: boolean;
  readonly scopes: SpanScopes;
  readonly parentContext: Context;
}

/** A segment that runs for days may leave out more; the children of the oldest have ended. */
const MAX_IGNORED_SPANS = 10_000;

/** What the bridge remembers of a segment for as long as any of its spans is alive. */
export class SegmentState {
  readonly #surroundings: Surroundings;
  readonly open = new Map<string, OpenSpan>();
  readonly errors = new RecordedErrors();
  root: ReadableSpan | undefined;
  #lastName: SentryName | undefined;
  /** Sentry is to have nothing of this segment, as was found when it ended. */
  isIgnored = false;
  /** The spans Sentry is not to have, each with its parent. */
  #ignoredSpans: Map<string, string> | undefined;
  /** The http instrumentation's note to which frameworks add the route they matched, long before the span ends. */
  rpc: RPCMetadata | undefined;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get hasEnded(): boolean {
    return this.#lastName !== undefined;
  }

  /** `root` is the copy of the first span that is sent; nothing changes it any more. */
  end(root: ReadableSpan): void {
    this.root = root;
    this.#lastName = this.#surroundings.nameSpan(root, this.rpc?.route);
  }

  /** The name of the segment as far as it is known by now; `undefined` when it was never recorded. */
  readName(): SentryName | undefined {
    return this.#lastName ?? (this.root && this.#surroundings.nameSpan(this.root, this.rpc?.route));
  }

  ignoreSpan(spanId: string, parentSpanId: string): void {
    const ignored = (this.#ignoredSpans ??= new Map());
    const [oldest] = ignored.keys();
    if (oldest !== undefined && ignored.size >= MAX_IGNORED_SPANS) ignored.delete(oldest);
    ignored.set(spanId, parentSpanId);
  }

  isIgnoredSpan(spanId: string): boolean {
    return this.#ignoredSpans?.has(spanId) === true;
  }

  /** The span of this id, or the nearest one above it that Sentry has. */
  findKeptSpan(spanId: string): string {
    let kept = spanId;
    let above = this.#ignoredSpans?.get(spanId);
    while (above !== undefined) {
      kept = above;
      above = this.#ignoredSpans?.get(above);
    }
    return kept;
  }
}

/** Kept by the segment record that every span context of the segment carries, and so for as long as any of them lives. */
export class SegmentStates {
  readonly #key = Symbol("tracebridge.state");
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get(segment: Segment): SegmentState {
    const followed = segment as Segment & { [key: symbol]: SegmentState | undefined };
    return (followed[this.#key] ??= new SegmentState(this.#surroundings));
  }
}
