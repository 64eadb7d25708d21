import { ROOT_CONTEXT, context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { StreamedSpanJSON } from "@sentry/core";
import { typeAttributes } from "../attributes.ts";
import type { TypedAttribute } from "../attributes.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { SpanScopes } from "../scopes/span-scopes.ts";
import type { SentryOptions } from "../types.ts";
import { SEGMENT_NAME, writeEnding } from "./span-text.ts";
import type { WrittenSpan } from "./span-text.ts";
import type { Surroundings } from "./surroundings.ts";
import { writeAttribute } from "./attribute-text.ts";

type Item = Omit<StreamedSpanJSON, "attributes" | "links"> & {
  attributes: Record<string, TypedAttribute>;
  links?: { attributes?: Record<string, TypedAttribute> }[];
};

/**
 * Sentry's hooks for spans, which want an object to change. Only where somebody has one is a span read back from its
 * text, handed round and written anew, scrubbed once more.
 */
export class SpanHooks {
  readonly #client: BridgeClient;
  readonly #surroundings: Surroundings;
  readonly #scrubEnvelope: SentryOptions["scrubEnvelope"];

  constructor(client: BridgeClient, surroundings: Surroundings, { scrubEnvelope }: SentryOptions) {
    this.#client = client;
    this.#surroundings = surroundings;
    this.#scrubEnvelope = scrubEnvelope;
  }

  get isEmpty(): boolean {
    return !this.#client.hasSpanHooks && this.#client.getOptions().beforeSendSpan === undefined;
  }

  run(written: WrittenSpan, segmentName: string | undefined, scopes: SpanScopes): WrittenSpan {
    const name = segmentName === undefined ? "" : writeAttribute(SEGMENT_NAME, segmentName);
    const span = this.#callHooks(readSpanJson(written.start + writeEnding(written.ending, name)), scopes);
    // What a hook has changed stays as it is.
    const hasSegmentName = span.attributes[SEGMENT_NAME] !== segmentName;
    return this.#write(this.#scrub(createItem(span)), hasSegmentName);
  }

  /** Sentry's integrations read the current scopes, so hooks run inside those of the span. */
  #callHooks(span: StreamedSpanJSON, scopes: SpanScopes): StreamedSpanJSON {
    const client = this.#client;
    const { beforeSendSpan } = client.getOptions();
    return context.with(this.#surroundings.withScopes(suppressTracing(ROOT_CONTEXT), scopes), () => {
      client.emit("preprocessSpan", span);
      if (span.is_segment) client.emit("processSegmentSpan", span);
      client.emit("processSpan", span);
      return beforeSendSpan?.(span) ?? span;
    });
  }

  #scrub(item: Item): Item {
    if (!this.#scrubEnvelope) return item;
    const [, items] = this.#scrubEnvelope([{}, [[{ type: "span" }, { version: 2, items: [item] }]]]);
    const [[, payload] = []] = items;
    const [scrubbed] = (payload as { items: Item[] }).items;
    if (!scrubbed) throw new Error("scrubbing left nothing of it");
    return scrubbed;
  }

  #write({ attributes, links, ...fields }: Item, hasSegmentName: boolean): WrittenSpan {
    if (typeof attributes !== "object") throw new Error("scrubbing left nothing of its attributes");
    const { [SEGMENT_NAME]: _name, ...others } = attributes;
    const rest = JSON.stringify(hasSegmentName ? attributes : others).slice(1, -1);
    return {
      start: `${JSON.stringify(fields).slice(0, -1)},"attributes":{${rest}`,
      ending: {
        hasAttributes: rest !== "",
        hasSegmentName,
        // What is too much becomes a place-holder, which is no list.
        links: Array.isArray(links) ? JSON.stringify(links).slice(1, -1) : "",
      },
    };
  }
}

function createItem({ attributes, links, ...fields }: StreamedSpanJSON): Item {
  return {
    ...fields,
    name: fields.name.toWellFormed(),
    attributes: typeAttributes(attributes ?? {}),
    ...(links && {
      links: links.map((link) => ({ ...link, attributes: typeAttributes(link.attributes ?? {}) })),
    }),
  };
}

function readSpanJson(text: string): StreamedSpanJSON {
  const { attributes, links, ...fields } = JSON.parse(text) as Item;
  return {
    ...fields,
    attributes: readValues(attributes),
    ...(links && {
      links: links.map((link) => ({ ...link, attributes: readValues(link.attributes ?? {}) })),
    }),
  } as StreamedSpanJSON;
}

function readValues(attributes: Readonly<Record<string, TypedAttribute>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value]));
}
