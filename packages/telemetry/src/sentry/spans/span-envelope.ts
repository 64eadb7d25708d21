import { getSdkMetadataForEnvelopeHeader } from "@sentry/core";
import type { Dsc } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { SentryEnvelope } from "../types.ts";

/** An envelope of the spans of one trace, scrubbed already. */
export interface SpanEnvelope {
  readonly header: string;
  /** The spans, each as text of JSON. */
  readonly spans: readonly string[];
}

const CONTENT_TYPE = "application/vnd.sentry.items.span.v2+json";

/** @see https://develop.sentry.dev/sdk/foundations/data-model/envelopes/ */
export class EnvelopeWriter {
  readonly #scrubDsc: (dsc: Dsc) => unknown;
  /** The end of every header. */
  readonly #sdk: string;

  constructor(client: BridgeClient, scrubAttribute: (key: string, value: unknown) => unknown) {
    const sdk = getSdkMetadataForEnvelopeHeader(client.getSdkMetadata());
    this.#sdk = sdk ? `,"sdk":${JSON.stringify(sdk)}}` : "}";
    // The name of a segment is in the header, too.
    this.#scrubDsc = (dsc) => scrubAttribute("trace", dsc);
  }

  write(spans: readonly string[], dsc: Dsc | undefined): SpanEnvelope {
    // Sentry refuses a context without these two.
    const isWhole = dsc?.["trace_id"] && dsc["public_key"];
    const trace = isWhole ? `,"trace":${JSON.stringify(this.#scrubDsc(dsc))}` : "";
    return { header: `{"sent_at":"${new Date().toISOString()}"${trace}${this.#sdk}`, spans };
  }
}

export function writeBody({ header, spans }: SpanEnvelope): Buffer {
  const item = `{"type":"span","item_count":${spans.length},"content_type":"${CONTENT_TYPE}"}`;
  return Buffer.from(`${header}\n${item}\n{"version":2,"items":[${spans.join(",")}]}`);
}

/** For Sentry's hooks, which want objects. */
export function readEnvelope({ header, spans }: SpanEnvelope): SentryEnvelope {
  const itemHeader = { type: "span", item_count: spans.length, content_type: CONTENT_TYPE };
  const payload = { version: 2, items: JSON.parse(`[${spans.join(",")}]`) as unknown[] };
  return [JSON.parse(header) as Record<string, unknown>, [[itemHeader, payload]]];
}
