import { getSdkMetadataForEnvelopeHeader } from "@sentry/core";
import type { Dsc } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { WrittenEnvelope } from "../transport/envelope-transport.ts";
import type { SentryEnvelope } from "../types.ts";
import type { PageSlice } from "./byte-pages.ts";

/** A span on its way into an envelope. */
export interface WaitingSpan {
  /** All but what comes last. */
  readonly written: PageSlice;
  /** The name of its segment, and what closes it. */
  readonly ending: string;
}

const CONTENT_TYPE = "application/vnd.sentry.items.span.v2+json";
const PAYLOAD_END = "]}";

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

  /** The spans of one trace, which are scrubbed already. */
  write(spans: readonly WaitingSpan[], dsc: Dsc | undefined): WrittenEnvelope {
    const start = this.#writeStart(spans.length, dsc);
    const body = Buffer.allocUnsafe(measure(start, spans));
    let at = body.write(start);
    for (const [index, { written, ending }] of spans.entries()) {
      at += written.page.copy(body, at, written.start, written.end);
      at += body.write(ending + (index < spans.length - 1 ? "," : PAYLOAD_END), at);
    }
    return { body: body.subarray(0, at), items: [{ category: "span", count: spans.length }] };
  }

  #writeStart(count: number, dsc: Dsc | undefined): string {
    // Sentry refuses a context without these two.
    const isWhole = dsc?.["trace_id"] && dsc["public_key"];
    const trace = isWhole ? `,"trace":${JSON.stringify(this.#scrubDsc(dsc))}` : "";
    const header = `{"sent_at":"${new Date().toISOString()}"${trace}${this.#sdk}`;
    return `${header}\n{"type":"span","item_count":${count},"content_type":"${CONTENT_TYPE}"}\n{"version":2,"items":[`;
  }
}

/** At most so many bytes: one of UTF-16's units may take three. */
function measure(start: string, spans: readonly WaitingSpan[]): number {
  let size = 3 * start.length + PAYLOAD_END.length;
  for (const { written, ending } of spans) size += 1 + written.end - written.start + 3 * ending.length;
  return size;
}

/** For Sentry's hooks, which want objects. */
export function readEnvelope({ body }: WrittenEnvelope): SentryEnvelope {
  const [header, itemHeader, payload] = Buffer.from(body)
    .toString()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return [header ?? {}, [[itemHeader ?? {}, payload]]];
}
