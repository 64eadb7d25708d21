import { SpanKind } from "@opentelemetry/api";
import { shouldIgnoreSpan, stringMatchesSomePattern } from "@sentry/core";
import { renameSpan } from "../../semantic-conventions/index.ts";
import type { SentryHooks, SentryOptions } from "../types.ts";
import type { DescribedSpan, SentryName } from "./naming.ts";
import type { Surroundings } from "./surroundings.ts";

type Patterns = NonNullable<SentryHooks["ignoreSpans"]>;
type IgnoreOptions = Pick<SentryOptions, "hooks" | "ignoreTransactions">;

/**
 * Which spans Sentry is not to have: by Sentry's own option `ignoreSpans`, and segments by `ignoreTransactions` too. As
 * in Sentry's own SDK a span is looked at when it starts, so that its children can go without it. A segment is looked
 * at again when it ends: a request has no name but its method before its route is matched.
 * @see https://docs.sentry.io/platforms/javascript/guides/node/configuration/options/#ignoreSpans
 */
export class IgnoredSpans {
  readonly #spans: Patterns;
  readonly #transactions: (string | RegExp)[];
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings, { hooks, ignoreTransactions = [] }: IgnoreOptions) {
    const { ignoreSpans = [] } = hooks ?? {};
    this.#surroundings = surroundings;
    this.#spans = ignoreSpans;
    this.#transactions = [...ignoreTransactions];
  }

  /** By what is known of a span, or of a segment, when it starts. */
  ignoresStarted(span: DescribedSpan, isSegment: boolean): boolean {
    if (!this.#hasPatterns(isSegment)) return false;
    const renamed = renameSpan(span.name, span.kind, span.attributes);
    const described = { ...renamed, kind: span.kind };
    const named = this.#surroundings.nameSpan(described);
    const isNamed = named.source !== "url" || span.kind !== SpanKind.SERVER;
    return this.#ignores(described, isNamed ? named : { ...named, name: "" }, isSegment);
  }

  /** By the name a segment has at its end. */
  ignoresEnded(segment: DescribedSpan, named: SentryName): boolean {
    return this.#hasPatterns(true) && this.#ignores(segment, named, true);
  }

  #hasPatterns(isSegment: boolean): boolean {
    return this.#spans.length > 0 || (isSegment && this.#transactions.length > 0);
  }

  #ignores({ attributes }: DescribedSpan, { name, op }: SentryName, isSegment: boolean): boolean {
    if (shouldIgnoreSpan({ description: name, op, attributes }, this.#spans)) return true;
    return isSegment && name !== "" && stringMatchesSomePattern(name, this.#transactions);
  }
}
