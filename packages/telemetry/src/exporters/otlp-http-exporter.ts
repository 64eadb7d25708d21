import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { ExportResultCode } from "@opentelemetry/core";
import type { OtlpConfig } from "../config/index.ts";
import { isTemporaryFailure, readRetryAfterMillis } from "../http/back-off.ts";
import { createAgent, post } from "../http/post.ts";
import type { PostResponse } from "../http/post.ts";
import type { Exporter, ExportOutcome } from "./deadline-exporter.ts";
import type { OtlpSerializer } from "./otlp-serializer.ts";
import { repeat } from "./repeat.ts";
import type { FailedAttempt } from "./repeat.ts";

const MAX_CONNECTIONS = 8;

/**
 * OTLP over HTTP. OpenTelemetry's own exporters wait for a retry on a timer that nobody can end, and so kept a process
 * alive after its shutdown; here the signal of an export ends its request and its waiting.
 */
export class OtlpHttpExporter<Item> implements Exporter<Item> {
  readonly #config: OtlpConfig;
  readonly #serializer: OtlpSerializer<Item>;
  readonly #url: URL;
  readonly #agent: ReturnType<typeof createAgent>;

  constructor(config: OtlpConfig, serializer: OtlpSerializer<Item>) {
    this.#config = config;
    this.#serializer = serializer;
    this.#url = new URL(config.url);
    this.#agent = createAgent(this.#url, MAX_CONNECTIONS);
  }

  export(
    items: Item[],
    done: (outcome: ExportOutcome) => void,
    signal: AbortSignal = new AbortController().signal,
  ): void {
    const tell = async (): Promise<void> => done(await this.#send(items, signal));
    void tell();
  }

  shutdown(): Promise<void> {
    this.#agent.destroy();
    return Promise.resolve();
  }

  async #send(items: Item[], signal: AbortSignal): Promise<ExportOutcome> {
    try {
      const data = this.#serializer.write(items);
      if (!data) throw new Error("nothing to send");
      const body = this.#config.compression === "gzip" ? await promisify(gzip)(data) : data;
      const { timeoutMillis } = this.#config;
      const limits = { timeoutMillis, signal };
      const { body: answer } = await repeat((millis) => this.#attempt(body, millis, signal), limits);
      return this.#serializer.readOutcome(answer);
    } catch (error) {
      return { code: ExportResultCode.FAILED, error: error as Error };
    }
  }

  async #attempt(
    body: Uint8Array,
    deadlineMillis: number,
    signal: AbortSignal,
  ): Promise<{ answer: PostResponse } | FailedAttempt> {
    const { compression } = this.#config;
    const headers = {
      "user-agent": "OTel-OTLP-Exporter-Tracebridge",
      ...this.#config.headers,
      "content-type": this.#serializer.contentType,
      ...(compression === "gzip" && { "content-encoding": "gzip" }),
    };
    try {
      const answer = await post({
        url: this.#url,
        headers,
        body,
        agent: this.#agent,
        deadlineMillis,
        signal,
      });
      const { statusCode } = answer;
      if (statusCode >= 200 && statusCode < 300) return { answer };
      return {
        error: new Error(`the answer was ${statusCode}`),
        // https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes
        isFinal: statusCode !== 429 && !isTemporaryFailure(statusCode),
        retryAfterMillis: readRetryAfterMillis(answer),
      };
    } catch (error) {
      return { error: error as Error, isFinal: false };
    }
  }
}
