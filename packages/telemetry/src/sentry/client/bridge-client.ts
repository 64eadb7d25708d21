import type { Client, ClientOptions } from "@sentry/core";
import { readEnvelope } from "../spans/span-envelope.ts";
import { countItem } from "../transport/envelope-items.ts";
import type { QueuedTransport, WrittenEnvelope } from "../transport/queued-transport.ts";
import type { SentryEnvelope } from "../types.ts";
import type { Ledger } from "./ledger.ts";

type DropReason = Parameters<Client["recordDroppedEvent"]>[0];
type DropCategory = Parameters<Client["recordDroppedEvent"]>[1];
type CoreEnvelope = Parameters<Client["sendEnvelope"]>[0];
type CoreResponse = ReturnType<Client["sendEnvelope"]>;

const SPAN_HOOKS = ["preprocessSpan", "processSegmentSpan", "processSpan"];
const BREADCRUMB_HOOKS = ["beforeAddBreadcrumb"];
const ENVELOPE_HOOKS = ["beforeEnvelope", "afterEnvelope"];

/**
 * Sentry's client, set up by us alone. `Sentry.init` is never called: in Node it reads `SENTRY_*` variables by itself,
 * and with `SENTRY_TRACES_SAMPLE_RATE` among them it would trace everything a second time.
 */
export interface BridgeClient extends Client {
  /** Counts what was accepted and is given up on, and lets Sentry know with the next client report. */
  countLoss(reason: DropReason, category: DropCategory, count?: number): void;
  /** Whether anybody wants to see each span before it is sent. */
  readonly hasSpanHooks: boolean;
  /** Whether anybody wants to see each breadcrumb when it is left. */
  readonly hasBreadcrumbHooks: boolean;
  /** Whether anybody but ourselves wants to see each sampling context. */
  readonly hasDscHooks: boolean;
  /** Sends written spans, past everything that works on objects where nobody listens there. */
  sendSpans(envelopes: readonly WrittenEnvelope[], transport: SpanTransport | undefined): void;
}

/** One that can be made: Sentry leaves these to the client of each platform. */
interface ConcreteClient<Options extends ClientOptions> extends Client<Options> {
  eventFromException: Client["eventFromException"];
  eventFromMessage: Client["eventFromMessage"];
}

type SpanTransport = Pick<QueuedTransport, "sendAllWritten">;

/** Sentry has a client for Node and another for pages: `Base` is one of them, and gets what the bridge asks of both. */
export function extendClient<Options extends ClientOptions>(
  Base: new (options: Options) => ConcreteClient<Options>,
): new (options: Options, ledger: Ledger) => BridgeClient {
  return class extends Base implements BridgeClient {
    readonly #ledger: Ledger;

    constructor(options: Options, ledger: Ledger) {
      super(options);
      this.#ledger = ledger;
    }

    /** Called by Sentry's own code, for what it gives up on before there is an envelope. */
    override recordDroppedEvent(reason: DropReason, category: DropCategory, count = 1): void {
      // It was turned away before any hook that would have counted it.
      if (reason === "queue_overflow") this.#ledger.accept(category, count);
      this.countLoss(reason, category, count);
    }

    countLoss(reason: DropReason, category: DropCategory, count = 1): void {
      super.recordDroppedEvent(reason, category, count);
      // One of Sentry's functions was told to make a span below another only: there never was one.
      if (reason !== "no_parent_span") this.#ledger.drop(category, reason, count);
    }

    get hasSpanHooks(): boolean {
      return this.#hasListeners(SPAN_HOOKS);
    }

    get hasBreadcrumbHooks(): boolean {
      return this.getOptions().beforeBreadcrumb !== undefined || this.#hasListeners(BREADCRUMB_HOOKS);
    }

    get hasDscHooks(): boolean {
      return (this._hooks["createDsc"]?.size ?? 0) > 1;
    }

    sendSpans(envelopes: readonly WrittenEnvelope[], transport: SpanTransport | undefined): void {
      if (!transport || this.getOptions().enabled === false || this.#hasListeners(ENVELOPE_HOOKS)) {
        for (const envelope of envelopes)
          void this.sendEnvelope(readEnvelope(envelope) as unknown as CoreEnvelope);
        return;
      }
      transport.sendAllWritten(envelopes);
    }

    #hasListeners(hooks: readonly string[]): boolean {
      return hooks.some((hook) => (this._hooks[hook]?.size ?? 0) > 0);
    }

    /** A client that is closed, or has no DSN, lets go of envelopes without a word. Never rejects. */
    override sendEnvelope(envelope: CoreEnvelope): CoreResponse {
      const isWithout = this.getTransport() === undefined;
      if (isWithout || this.getOptions().enabled === false) {
        this.#drop(envelope, isWithout ? "no_dsn" : "shutdown");
        return Promise.resolve({});
      }
      return super.sendEnvelope(envelope).then(undefined, () => {
        // A listener of the application has thrown: Sentry's code calls them outside of what it guards.
        this.#drop(envelope, "internal_sdk_error");
        return {};
      });
    }

    #drop(envelope: CoreEnvelope, reason: string): void {
      for (const item of envelope[1] as SentryEnvelope[1]) {
        const { category, count } = countItem(item);
        this.#ledger.drop(category, reason, count);
      }
    }
  };
}
