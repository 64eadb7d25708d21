import type { DscSource } from "../propagation/index.ts";
import type { BridgeClient } from "./client/bridge-client.ts";
import type { Ledger } from "./client/ledger.ts";
import { createDscSource } from "./dsc.ts";
import { ErrorCapture } from "./errors/error-capture.ts";
import { addEventContext } from "./errors/event-context.ts";
import { addEventUser } from "./errors/event-user.ts";
import { IgnoredSpans } from "./spans/ignored-spans.ts";
import { SegmentStates } from "./spans/segment-state.ts";
import { SharedAttributes } from "./spans/shared-attributes.ts";
import type { Scrubbing } from "./spans/shared-attributes.ts";
import { SpanBuffer } from "./spans/span-buffer.ts";
import { EnvelopeWriter } from "./spans/span-envelope.ts";
import { SpanHooks } from "./spans/span-hooks.ts";
import { describeSpanProblem } from "./spans/span-problem.ts";
import type { KeptText, SpanStore } from "./spans/span-store.ts";
import type { Surroundings } from "./spans/surroundings.ts";
import type { QueuedTransport } from "./transport/queued-transport.ts";
import type { SentryOptions } from "./types.ts";

export interface BridgeCoreParts<Kept extends KeptText> {
  readonly client: BridgeClient;
  readonly transport: QueuedTransport | undefined;
  readonly ledger: Ledger;
  readonly options: SentryOptions;
  readonly surroundings: Surroundings;
  readonly scrubbing: Scrubbing;
  readonly store: SpanStore<Kept>;
  /** Of one envelope of spans; default 4 MB. */
  readonly maxSpanBytes?: number;
  /** What the headers of envelopes of spans say beside the usual. */
  readonly header?: Readonly<Record<string, string>>;
}

/** What the bridge is made of, in Node and in a page alike. */
export interface BridgeCore<Kept extends KeptText> {
  readonly states: SegmentStates;
  readonly dscSource: DscSource;
  readonly errors: ErrorCapture;
  readonly ignored: IgnoredSpans;
  readonly shared: SharedAttributes;
  readonly hooks: SpanHooks;
  readonly buffer: SpanBuffer<Kept>;
}

export function createBridgeCore<Kept extends KeptText>(parts: BridgeCoreParts<Kept>): BridgeCore<Kept> {
  const { client, ledger, options, surroundings, scrubbing } = parts;
  const states = new SegmentStates(surroundings);
  const dscSource = createDscSource(client, states, scrubbing.scrubText);
  const errors = new ErrorCapture({ client, states, options, surroundings });
  addEventContext({ client, ledger, states, errors, dsc: dscSource, options });
  addEventUser(client);
  const buffer = createSpanBuffer(parts, dscSource);
  client.on("flush", () => {
    errors.sendAll();
    buffer.drain();
  });
  return {
    states,
    dscSource,
    errors,
    ignored: new IgnoredSpans(surroundings, options),
    shared: new SharedAttributes(client, surroundings, options, scrubbing),
    hooks: new SpanHooks(client, surroundings, options),
    buffer,
  };
}

function createSpanBuffer<Kept extends KeptText>(
  { client, transport, options, scrubbing, store, maxSpanBytes, header }: BridgeCoreParts<Kept>,
  dscSource: DscSource,
): SpanBuffer<Kept> {
  const { scrubText, scrubAttribute } = scrubbing;
  return new SpanBuffer({
    client,
    dscSource,
    envelopes: new EnvelopeWriter({ client, scrubAttribute, store, ...(header && { header }) }),
    ...(maxSpanBytes !== undefined && { maxBytes: maxSpanBytes }),
    scrubText,
    send: (envelopes) => client.sendSpans(envelopes, transport),
    onProblem: (error) => options.onProblem(describeSpanProblem(error)),
  });
}
