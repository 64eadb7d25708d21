import { getSdkMetadataForEnvelopeHeader } from "@sentry/core";
import type { Dsc } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { WrittenEnvelope } from "../transport/queued-transport.ts";
import type { SentryEnvelope } from "../types.ts";
import type { KeptText, SpanStore, WaitingSpan } from "./span-store.ts";

export interface EnvelopeWriterParts<Kept extends KeptText> {
  readonly client: BridgeClient;
  readonly scrubAttribute: (key: string, value: unknown) => unknown;
  readonly store: SpanStore<Kept>;
  /** What the header says beside that. */
  readonly header?: Readonly<Record<string, string>>;
}

const CONTENT_TYPE = "application/vnd.sentry.items.span.v2+json";
const PAYLOAD_END = "]}";

/** @see https://develop.sentry.dev/sdk/foundations/data-model/envelopes/ */
export class EnvelopeWriter<Kept extends KeptText> {
  readonly #scrubDsc: (dsc: Dsc) => unknown;
  readonly #store: SpanStore<Kept>;
  /** The end of every header. */
  readonly #end: string;

  constructor({ client, scrubAttribute, store, header = {} }: EnvelopeWriterParts<Kept>) {
    const sdk = getSdkMetadataForEnvelopeHeader(client.getSdkMetadata());
    const last = JSON.stringify({ ...header, ...(sdk && { sdk }) }).slice(1);
    this.#end = last === "}" ? last : `,${last}`;
    // The name of a segment is in the header, too.
    this.#scrubDsc = (dsc) => scrubAttribute("trace", dsc);
    this.#store = store;
  }

  /** Keeps a part of an envelope that is written later. */
  keep(text: string): Kept {
    return this.#store.keep(text);
  }

  /** The spans of one trace, which are scrubbed already. */
  write(spans: readonly WaitingSpan<Kept>[], dsc: Dsc | undefined): WrittenEnvelope {
    const body = this.#store.join(this.#writeStart(spans.length, dsc), spans, PAYLOAD_END);
    return { body, items: [{ category: "span", count: spans.length }] };
  }

  #writeStart(count: number, dsc: Dsc | undefined): string {
    // Sentry refuses a context without these two.
    const isWhole = dsc?.["trace_id"] && dsc["public_key"];
    const trace = isWhole ? `,"trace":${JSON.stringify(this.#scrubDsc(dsc))}` : "";
    const header = `{"sent_at":"${new Date().toISOString()}"${trace}${this.#end}`;
    return `${header}\n{"type":"span","item_count":${count},"content_type":"${CONTENT_TYPE}"}\n{"version":2,"items":[`;
  }
}

/** For Sentry's hooks, which want objects. */
export function readEnvelope({ body }: WrittenEnvelope): SentryEnvelope {
  const [header, itemHeader, payload] = new TextDecoder()
    .decode(body)
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return [header ?? {}, [[itemHeader ?? {}, payload]]];
}
