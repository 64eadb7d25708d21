import { defaultStackParser, eventFromException, eventFromMessage } from "@sentry/browser";
import { Client, applySdkMetadata } from "@sentry/core";
import type { ClientOptions, Event, EventHint, Scope, SeverityLevel } from "@sentry/core";
import { extendClient } from "../../sentry/client/bridge-client.ts";
import type { BridgeClient } from "../../sentry/client/bridge-client.ts";
import type { Ledger } from "../../sentry/client/ledger.ts";

/**
 * Sentry's client for pages, without the listeners that would flush it: telemetry itself knows when a page is hidden, and
 * sends spans, errors and client reports together.
 */
class PlainClient extends Client {
  constructor(options: ClientOptions) {
    const named = { ...options };
    applySdkMetadata(named, "browser", ["browser"], "npm");
    super(named);
    this.on("flush", () => this._flushOutcomes());
  }

  override eventFromException(exception: unknown, hint?: EventHint): PromiseLike<Event> {
    return eventFromException(defaultStackParser, exception, hint, true);
  }

  override eventFromMessage(message: string, level?: SeverityLevel, hint?: EventHint): PromiseLike<Event> {
    return eventFromMessage(defaultStackParser, message, level, hint, true);
  }

  protected override _prepareEvent(
    event: Event,
    hint: EventHint,
    currentScope: Scope,
    isolationScope: Scope,
  ): PromiseLike<Event | null> {
    event.platform ??= "javascript";
    return super._prepareEvent(event, hint, currentScope, isolationScope);
  }
}

/** The bridge's client in a page. */
export const PageClient: new (options: ClientOptions, ledger: Ledger) => BridgeClient =
  extendClient(PlainClient);
