import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import { ExportResultCode } from "@opentelemetry/core";
import type { ExportResult } from "@opentelemetry/core";
import type { OtlpConfig } from "../config/index.ts";
import type { Exporter } from "./deadline-exporter.ts";
import type { OtlpSerializer } from "./otlp-http-exporter.ts";

const GZIP = 2;

/** OTLP over gRPC; as with HTTP, the signal of an export ends its call. */
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

  export(items: Item[], done: (result: ExportResult) => void, signal?: AbortSignal): void {
    const data = this.#serializer.write(items);
    if (!data) throw new Error("nothing to send");
    const call = this.#client.makeUnaryRequest(
      this.#method,
      (bytes: Uint8Array) => Buffer.from(bytes),
      (bytes: Buffer) => bytes,
      data,
      this.#metadata,
      { deadline: Date.now() + this.#config.timeoutMillis },
      (error) => done(error ? { code: ExportResultCode.FAILED, error } : { code: ExportResultCode.SUCCESS }),
    );
    signal?.addEventListener("abort", () => call.cancel(), { once: true });
  }

  shutdown(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }
}
