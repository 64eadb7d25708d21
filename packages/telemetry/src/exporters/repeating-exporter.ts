import { ExportResultCode } from "@opentelemetry/core";
import type { Exporter, ExportOutcome } from "./deadline-exporter.ts";
import type { OtlpSerializer } from "./otlp-serializer.ts";
import { repeat } from "./repeat.ts";
import type { FailedAttempt } from "./repeat.ts";

/** The way to a back end: OTLP over HTTP or gRPC. */
export interface OtlpChannel {
  /** Makes ready what every attempt sends. */
  pack(data: Uint8Array): Promise<Uint8Array>;
  /** Resolves within `remainingMillis`, and at once when `signal` aborts. */
  attempt(
    body: Uint8Array,
    remainingMillis: number,
    signal: AbortSignal,
  ): Promise<{ readonly answer: Uint8Array } | FailedAttempt>;
  close(): void;
}

/**
 * OpenTelemetry's own exporters wait for a retry on a timer that nobody can end, and so kept a process alive after its
 * shutdown; here the signal of an export ends its request and its waiting.
 */
export class RepeatingExporter<Item> implements Exporter<Item> {
  readonly #serializer: OtlpSerializer<Item>;
  readonly #channel: OtlpChannel;
  readonly #timeoutMillis: number;
  readonly #hurry = new AbortController();

  /** `timeoutMillis` is for one export with all its attempts. */
  constructor(serializer: OtlpSerializer<Item>, channel: OtlpChannel, timeoutMillis: number) {
    this.#serializer = serializer;
    this.#channel = channel;
    this.#timeoutMillis = timeoutMillis;
  }

  export(
    items: Item[],
    done: (outcome: ExportOutcome) => void,
    signal: AbortSignal = new AbortController().signal,
  ): void {
    const tell = async (): Promise<void> => {
      const outcome = await this.#send(items, signal);
      // Whoever ended the only attempt knows why.
      if (outcome) done(outcome);
    };
    void tell();
  }

  hurry(): void {
    this.#hurry.abort();
  }

  shutdown(): Promise<void> {
    this.#channel.close();
    return Promise.resolve();
  }

  async #send(items: Item[], signal: AbortSignal): Promise<ExportOutcome | undefined> {
    try {
      const data = this.#serializer.write(items);
      if (!data) throw new Error("nothing to send");
      const body = await this.#channel.pack(data);
      const attempt = (remainingMillis: number) => this.#channel.attempt(body, remainingMillis, signal);
      const limits = { timeoutMillis: this.#timeoutMillis, signal, hurry: this.#hurry.signal };
      const result = await repeat(attempt, limits);
      if (!result) return undefined;
      if ("answer" in result) return this.#serializer.readOutcome(result.answer);
      return { code: ExportResultCode.FAILED, error: result.error, reason: result.reason };
    } catch (error) {
      return { code: ExportResultCode.FAILED, error: error as Error };
    }
  }
}
