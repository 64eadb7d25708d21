import { startReceiver } from "@tracebridge/receivers";
import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import { expect, onTestFinished } from "vitest";
import { Ledger } from "../../src/sentry/client/ledger.ts";
import type { SentryEnvelope } from "../../src/sentry/index.ts";
import { EnvelopeTransport } from "../../src/sentry/transport/envelope-transport.ts";
import type { EnvelopeTransportOptions } from "../../src/sentry/transport/envelope-transport.ts";
import { startTestProxy } from "./start-test-proxy.ts";
import type { ProxyMode, TestProxy } from "./start-test-proxy.ts";

/** Pauses so short that a test can sit through them. */
export const SHORT_PAUSES = { firstMillis: 5, maxMillis: 20 };
/** Pauses so long that no test sees their end. */
export const LONG_PAUSES = { firstMillis: 600_000, maxMillis: 600_000 };

export interface TestTransport {
  readonly transport: EnvelopeTransport;
  readonly receiver: Receiver;
  readonly ledger: Ledger;
  /** What client reports say, as `category:reason`. */
  readonly reported: Record<string, number>;
  /** `failure: …` and `recovery`, in order. */
  readonly told: readonly string[];
  /** Sends as the bridge does: what is sent was accepted before. */
  send(envelope: SentryEnvelope): Promise<void>;
  /** Closes the transport; then everything must have been delivered, or dropped for a reason. */
  closeAndExpectBalance(): void;
}

type Options = Partial<EnvelopeTransportOptions> & { readonly receiver?: Receiver };

/** A transport in front of a receiver; both end with the test. */
export async function startTestTransport(
  respond?: ReceiverOptions["respond"],
  { receiver: given, ...options }: Options = {},
): Promise<TestTransport> {
  const receiver = given ?? (await startReceiver({ ...(respond && { respond }) }));
  const ledger = new Ledger();
  const reported: Record<string, number> = {};
  const told: string[] = [];
  const transport = new EnvelopeTransport({
    url: readEndpoint(receiver.url),
    ledger,
    reportDrop: (reason, category, count = 1) => {
      ledger.drop(category, reason, count);
      reported[`${category}:${reason}`] = (reported[`${category}:${reason}`] ?? 0) + count;
    },
    onFailure: (message) => told.push(`failure: ${message}`),
    onRecovery: () => told.push("recovery"),
    ...options,
  });
  onTestFinished(async () => {
    transport.close();
    await receiver.close();
  });
  return {
    transport,
    receiver,
    ledger,
    reported,
    told,
    send: async (envelope) => {
      for (const [{ type, item_count: count }] of envelope[1]) {
        ledger.accept(type === "event" ? "error" : String(type), Number(count ?? 1));
      }
      await transport.send(envelope);
    },
    closeAndExpectBalance: () => {
      transport.close();
      for (const category of ["span", "error", "session"]) expectBalance(ledger, category);
      expect(transport.readQueue()).toEqual({ envelopes: 0, bytes: 0 });
    },
  };
}

/** A transport whose way to the receiver fails as the test wants. */
export async function startBehindProxy(
  mode: ProxyMode,
  limits?: EnvelopeTransportOptions["limits"],
): Promise<TestTransport & { readonly proxy: TestProxy }> {
  const receiver = await startReceiver();
  const proxy = await startTestProxy(receiver.port, mode);
  const url = readEndpoint(proxy.url);
  return { ...(await startTestTransport(undefined, { receiver, url, ...(limits && { limits }) })), proxy };
}

function expectBalance(ledger: Ledger, category: string): void {
  const { accepted, delivered, dropped } = ledger.read(category);
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  expect({ category, accounted: delivered + lost }).toEqual({ category, accounted: accepted });
}

export function readEndpoint(serverUrl: string): string {
  return `${serverUrl}/api/1/envelope/`;
}

export function createSpans(count = 2, body = ""): SentryEnvelope {
  const header = {
    type: "span",
    item_count: count,
    content_type: "application/vnd.sentry.items.span.v2+json",
  };
  return [{}, [[header, { version: 2, items: [], body }]]];
}

/** An error whose id is made of `number`. */
export function createEvent(number = 1): SentryEnvelope {
  return [{}, [[{ type: "event" }, { event_id: createEventId(number), message: "event" }]]];
}

export function createEventId(number: number): string {
  return String(number).padStart(32, "0");
}

/** The ids of the first `count` events of `createEvent`, in order. */
export function createEventIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => createEventId(index + 1));
}

export function readEventIds(receiver: Receiver): string[] {
  return receiver.sentry.events.map(({ eventId }) => eventId).toSorted();
}
