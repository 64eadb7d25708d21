import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { OtlpConfig } from "../config/index.ts";
import { isTemporaryFailure, readRetryAfterMillis } from "../http/back-off.ts";
import { DeadlineError } from "../http/exchange.ts";
import type { PostResponse } from "../http/exchange.ts";
import { createAgent, post } from "../http/post.ts";
import { tellDiag } from "../problems/index.ts";
import type { OtlpChannel } from "./repeating-exporter.ts";
import type { FailedAttempt } from "./repeat.ts";

const MAX_CONNECTIONS = 8;

/** OTLP over HTTP, in protobuf or in JSON. */
export class OtlpHttpChannel implements OtlpChannel {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: ReturnType<typeof createAgent>;
  readonly #isCompressed: boolean;

  constructor({ url, headers, compression }: OtlpConfig, contentType: string) {
    this.#url = new URL(url);
    this.#agent = createAgent(this.#url, MAX_CONNECTIONS);
    this.#isCompressed = compression === "gzip";
    this.#headers = {
      "user-agent": "OTel-OTLP-Exporter-Tracebridge",
      ...headers,
      "content-type": contentType,
      ...(this.#isCompressed && { "content-encoding": "gzip" }),
    };
  }

  pack(data: Uint8Array): Promise<Uint8Array> {
    return this.#isCompressed ? promisify(gzip)(data) : Promise.resolve(data);
  }

  async attempt(
    body: Uint8Array,
    remainingMillis: number,
    signal: AbortSignal,
  ): Promise<{ answer: Uint8Array } | FailedAttempt> {
    const target = { url: this.#url, headers: this.#headers, agent: this.#agent };
    let response: PostResponse;
    try {
      response = await post({ ...target, body, deadlineMillis: remainingMillis, signal });
    } catch (error) {
      const reason = error instanceof DeadlineError ? "timeout" : "network_error";
      return { error: error as Error, reason, isFinal: false };
    }
    const { statusCode } = response;
    // No instrumentation sees these requests; whoever looks for lost telemetry wants to.
    tellDiag(
      "debug",
      `OTLP: ${body.length} bytes to ${this.#url.origin}${this.#url.pathname}: ${statusCode}`,
    );
    if (statusCode >= 200 && statusCode < 300) return { answer: response.body };
    return {
      error: new Error(`the answer was ${statusCode}`),
      // https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes
      reason: "send_error",
      isFinal: statusCode !== 429 && !isTemporaryFailure(statusCode),
      retryAfterMillis: readRetryAfterMillis(response),
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}
