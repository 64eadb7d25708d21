import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type { OtlpConfig } from "../config/index.ts";
import { readRetryInfoMillis } from "./grpc-retry-info.ts";
import type { OtlpChannel } from "./repeating-exporter.ts";
import type { FailedAttempt } from "./repeat.ts";

const GZIP = 2;

/**
 * CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS.
 * https://opentelemetry.io/docs/specs/otlp/#failures
 */
const RETRYABLE = new Set([1, 4, 10, 11, 14, 15]);
/** RESOURCE_EXHAUSTED may be tried again if the back end says when. */
const RETRYABLE_WITH_DELAY = new Set([8]);

/** DEADLINE_EXCEEDED, and UNAVAILABLE, which gRPC says itself when it has no connection. */
const REASONS: Readonly<Record<number, FailedAttempt["reason"]>> = { 4: "timeout", 14: "network_error" };

/** OTLP over gRPC. */
export class OtlpGrpcChannel implements OtlpChannel {
  readonly #method: string;
  readonly #client: Grpc.Client;
  readonly #metadata: Grpc.Metadata;

  /** `method` is the full name, as in `/opentelemetry.proto.collector.trace.v1.TraceService/Export`. */
  constructor(config: OtlpConfig, method: string) {
    // gRPC is loaded by those who use it: it costs every other start 60 ms.
    const { Client, Metadata, credentials } = createRequire(import.meta.url)("@grpc/grpc-js") as typeof Grpc;
    const { protocol, host } = new URL(config.url);
    this.#method = method;
    this.#metadata = new Metadata();
    for (const [name, value] of Object.entries(config.headers)) this.#metadata.set(name, value);
    this.#client = new Client(
      host,
      protocol === "https:" ? credentials.createSsl() : credentials.createInsecure(),
      config.compression === "gzip" ? { "grpc.default_compression_algorithm": GZIP } : {},
    );
  }

  /** gRPC compresses by itself. */
  pack(data: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(data);
  }

  attempt(
    body: Uint8Array,
    remainingMillis: number,
    signal: AbortSignal,
  ): Promise<{ answer: Uint8Array } | FailedAttempt> {
    return new Promise((resolve) => {
      const call = this.#client.makeUnaryRequest(
        this.#method,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer) => bytes,
        body,
        this.#metadata,
        { deadline: Date.now() + remainingMillis },
        (error, answer) => {
          signal.removeEventListener("abort", cancel);
          resolve(error ? describeFailure(error) : { answer: answer ?? Buffer.alloc(0) });
        },
      );
      const cancel = (): void => call.cancel();
      signal.addEventListener("abort", cancel);
    });
  }

  close(): void {
    this.#client.close();
  }
}

function describeFailure(error: Grpc.ServiceError): FailedAttempt {
  const retryAfterMillis = readRetryInfoMillis(error.metadata);
  const isRetryable =
    RETRYABLE.has(error.code) || (RETRYABLE_WITH_DELAY.has(error.code) && retryAfterMillis !== undefined);
  const reason = REASONS[error.code] ?? "send_error";
  return { error, reason, isFinal: !isRetryable, retryAfterMillis };
}
