import { NodeClient } from "@sentry/node";
import { countItem } from "../transport/envelope-items.ts";
import type { SentryEnvelope } from "../types.ts";
import { readEnvelope } from "../spans/span-envelope.ts";
import type { EnvelopeTransport, WrittenEnvelope } from "../transport/envelope-transport.ts";
import type { Ledger } from "./ledger.ts";

/** `@sentry/node` does not export the name. */
export type NodeClientOptions = ConstructorParameters<typeof NodeClient>[0];
type DropReason = Parameters<NodeClient["recordDroppedEvent"]>[0];
type DropCategory = Parameters<NodeClient["recordDroppedEvent"]>[1];
type CoreEnvelope = Parameters<NodeClient["sendEnvelope"]>[0];
type CoreResponse = ReturnType<NodeClient["sendEnvelope"]>;

const SPAN_HOOKS = ["preprocessSpan", "processSegmentSpan", "processSpan"];
const BREADCRUMB_HOOKS = ["beforeAddBreadcrumb"];
const ENVELOPE_HOOKS = ["beforeEnvelope", "afterEnvelope"];

/**
 * Sentry's client, set up by us alone. `Sentry.init` is never called: it reads `SENTRY_*` variables by itself, and
 * with `SENTRY_TRACES_SAMPLE_RATE` among them it would trace everything a second time.
 */
export class BridgeClient extends NodeClient {
  readonly #ledger: Ledger;

  constructor(options: NodeClientOptions, ledger: Ledger) {
    super(options);
    this.#ledger = ledger;
  }

  /** Called by Sentry's own code, for what it gives up on before there is an envelope. */
  override recordDroppedEvent(reason: DropReason, category: DropCategory, count = 1): void {
    // It was turned away before any hook that would have counted it.
    if (reason === "queue_overflow") this.#ledger.accept(category, count);
    this.countLoss(reason, category, count);
  }

  /** Counts what was accepted and is given up on, and lets Sentry know with the next client report. */
  countLoss(reason: DropReason, category: DropCategory, count = 1): void {
    super.recordDroppedEvent(reason, category, count);
    // One of Sentry's functions was told to make a span below another only: there never was one.
    if (reason !== "no_parent_span") this.#ledger.drop(category, reason, count);
  }

  /** Whether anybody wants to see each span before it is sent. */
  get hasSpanHooks(): boolean {
    return this.#hasListeners(SPAN_HOOKS);
  }

  /** Whether anybody wants to see each breadcrumb when it is left. */
  get hasBreadcrumbHooks(): boolean {
    return this.getOptions().beforeBreadcrumb !== undefined || this.#hasListeners(BREADCRUMB_HOOKS);
  }

  /** Whether anybody but ourselves wants to see each sampling context. */
  get hasDscHooks(): boolean {
    return (this._hooks["createDsc"]?.size ?? 0) > 1;
  }

  /** Sends written spans, past everything that works on objects where nobody listens there. */
  sendSpans(envelopes: readonly WrittenEnvelope[], transport: EnvelopeTransport | undefined): void {
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
}
