import { readFileSync } from "node:fs";

/** What a span says, of whichever SDK, by which two of them can be compared. */
export interface SpanFacts {
  readonly name: string;
  readonly isSegment: boolean;
  readonly hasParent: boolean;
  readonly status: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Captured {
  readonly attributesOfEverySpan: Readonly<Record<string, unknown>>;
  readonly steps: readonly {
    readonly envelopes: readonly { readonly items: readonly { readonly payload: CapturedPayload }[] }[];
  }[];
}

interface CapturedPayload {
  readonly items?: readonly CapturedSpan[];
  readonly exception?: unknown;
}

interface CapturedSpan {
  readonly name: string;
  readonly parent_span_id?: string;
  readonly is_segment: boolean;
  readonly status: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What Sentry's own SDK sent of a visit: how it was captured is said in test/parity/browser/README.md. */
export function readNative(): { spans: SpanFacts[]; events: object[] } {
  const url = new URL("../../parity/browser-native.json", import.meta.url);
  const { attributesOfEverySpan, steps } = JSON.parse(readFileSync(url, "utf8")) as Captured;
  const payloads = steps.flatMap(({ envelopes }) =>
    envelopes.flatMap(({ items }) => items.map(({ payload }) => payload)),
  );
  const spans = payloads.flatMap(({ items = [] }) => items);
  return {
    spans: spans.map((span) => ({
      name: span.name,
      isSegment: span.is_segment,
      hasParent: span.parent_span_id !== undefined,
      status: span.status,
      attributes: { ...attributesOfEverySpan, ...span.attributes },
    })),
    events: payloads.filter(({ exception }) => exception !== undefined),
  };
}
