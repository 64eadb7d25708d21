import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import { ExportResultCode } from "@opentelemetry/core";
import type { OtlpConfig } from "../config/index.ts";
import type { Exporter, ExportOutcome } from "./deadline-exporter.ts";
import { readRetryInfoMillis } from "./grpc-retry-info.ts";
import type { OtlpSerializer } from "./otlp-serializer.ts";
import { repeat } from "./repeat.ts";
import type { FailedAttempt } from "./repeat.ts";

const GZIP = 2;

/**
 * CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS.
 * https://opentelemetry.io/docs/specs/otlp/#failures
 */
const RETRYABLE = new Set([1, 4, 10, 11, 14, 15]);
/** RESOURCE_EXHAUSTED may be tried again if the back end says when. */
const RETRYABLE_WITH_DELAY = new Set([8]);

/** OTLP over gRPC; as with HTTP, the signal of an export ends its call and its waiting. */
export class OtlpGrpcExporter<Item> implements Exporter<Item> {
  readonly #config: OtlpConfig;
  readonly #serializer: OtlpSerializer<Item>;
  readonly #method: string;
  readonly #client: Grpc.Client;
  readonly #metadata: Grpc.Metadata;

  /** `method` is the full name, as in `/opentelemetry.proto.collector.trace.v1.TraceService/Export`. */
  constructor(config: OtlpConfig, serializer: OtlpSerializer<Item>, method: string) {
    // gRPC is loaded by those who use it: it costs every other start 60 ms.
    const { Client, Metadata, credentials } = createRequire(import.meta.url)("@grpc/grpc-js") as typeof Grpc;
    const { protocol, host } = new URL(config.url);
    this.#config = config;
    this.#serializer = serializer;
    this.#method = method;
    this.#metadata = new Metadata();
    for (const [name, value] of Object.entries(config.headers)) this.#metadata.set(name, value);
    this.#client = new Client(
      host,
      protocol === "https:" ? credentials.createSsl() : credentials.createInsecure(),
      config.compression === "gzip" ? { "grpc.default_compression_algorithm": GZIP } : {},
    );
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
    this.#client.close();
    return Promise.resolve();
  }

  async #send(items: Item[], signal: AbortSignal): Promise<ExportOutcome> {
    try {
      const data = this.#serializer.write(items);
      if (!data) throw new Error("nothing to send");
      const { timeoutMillis } = this.#config;
      const limits = { timeoutMillis, signal };
      return this.#serializer.readOutcome(
        await repeat((millis) => this.#attempt(data, millis, signal), limits),
      );
    } catch (error) {
      return { code: ExportResultCode.FAILED, error: error as Error };
    }
  }

  #attempt(
    data: Uint8Array,
    deadlineMillis: number,
    signal: AbortSignal,
  ): Promise<{ answer: Uint8Array } | FailedAttempt> {
    return new Promise((resolve) => {
      const call = this.#client.makeUnaryRequest(
        this.#method,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer) => bytes,
        data,
        this.#metadata,
        { deadline: Date.now() + deadlineMillis },
        (error, answer) => {
          signal.removeEventListener("abort", cancel);
          resolve(error ? describeFailure(error) : { answer: answer ?? Buffer.alloc(0) });
        },
      );
      const cancel = (): void => call.cancel();
      signal.addEventListener("abort", cancel);
    });
  }
}

function describeFailure(error: Grpc.ServiceError): FailedAttempt {
  const retryAfterMillis = readRetryInfoMillis(error.metadata);
  const isRetryable =
    RETRYABLE.has(error.code) || (RETRYABLE_WITH_DELAY.has(error.code) && retryAfterMillis !== undefined);
  return { error, isFinal: !isRetryable, retryAfterMillis };
}
