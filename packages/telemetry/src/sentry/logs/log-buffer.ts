import { getSdkMetadataForEnvelopeHeader } from "@sentry/core";
import { estimateSize } from "../attributes.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { SentryEnvelope } from "../types.ts";
import type { LogItem } from "./log-item.ts";

/** Sentry's own limits for one envelope. https://develop.sentry.dev/sdk/telemetry/logs/#buffering */
const MAX_LOGS = 100;
const MAX_BYTES = 800_000;
const MAX_WAIT_MILLIS = 2_000;

/** Collects log items of any trace and sends them together. */
export class LogBuffer {
  readonly #client: BridgeClient;
  readonly #send: (envelope: SentryEnvelope) => void;
  #items: LogItem[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: BridgeClient, send: (envelope: SentryEnvelope) => void) {
    this.#client = client;
    this.#send = send;
  }

  add(item: LogItem): void {
    this.#items.push(item);
    this.#bytes += 200 + item.body.length + estimateSize(item.attributes);
    if (this.#items.length >= MAX_LOGS || this.#bytes >= MAX_BYTES) this.drain();
    // Does not keep the process alive: the exit flushes.
    else this.#timer ??= setTimeout(() => this.drain(), MAX_WAIT_MILLIS).unref();
  }

  drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#bytes = 0;
    const sdk = getSdkMetadataForEnvelopeHeader(this.#client.getSdkMetadata());
    const contentType = "application/vnd.sentry.items.log+json";
    const header = { sent_at: new Date().toISOString(), ...(sdk && { sdk }) };
    const itemHeader = { type: "log", item_count: items.length, content_type: contentType };
    this.#send([header, [[itemHeader, { version: 2, items }]]]);
  }
}
