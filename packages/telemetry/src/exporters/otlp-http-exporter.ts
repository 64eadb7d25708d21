import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { diag } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import type { ExportResult } from "@opentelemetry/core";
import type { OtlpConfig } from "../config/index.ts";
import { createAgent, post } from "../http/post.ts";
import type { PostResponse } from "../http/post.ts";
import type { Exporter } from "./deadline-exporter.ts";

/** Writes what OTLP sends and reads what it answers. */
export interface OtlpSerializer<Item> {
  readonly contentType: string;
  write(items: Item[]): Uint8Array | undefined;
  /** What the back end says about an answer that was no full success. */
  readRejection(body: Uint8Array): string | undefined;
}

const FIRST_BACKOFF_MILLIS = 1_000;
const MAX_BACKOFF_MILLIS = 5_000;
const MAX_CONNECTIONS = 8;
/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE = new Set([429, 502, 503, 504]);

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
    done: (result: ExportResult) => void,
    signal: AbortSignal = new AbortController().signal,
  ): void {
    const tell = async (): Promise<void> => done(await this.#readResult(items, signal));
    void tell();
  }

  shutdown(): Promise<void> {
    this.#agent.destroy();
    return Promise.resolve();
  }

  async #readResult(items: Item[], signal: AbortSignal): Promise<ExportResult> {
    try {
      await this.#send(items, signal);
      return { code: ExportResultCode.SUCCESS };
    } catch (error) {
      return { code: ExportResultCode.FAILED, error: error as Error };
    }
  }

  async #send(items: Item[], signal: AbortSignal): Promise<void> {
    const data = this.#serializer.write(items);
    if (!data) throw new Error("nothing to send");
    const body = this.#config.compression === "gzip" ? await promisify(gzip)(data) : data;
    const deadline = Date.now() + this.#config.timeoutMillis;
    for (let backoffMillis = FIRST_BACKOFF_MILLIS; ; backoffMillis *= 1.5) {
      const { response, error } = await this.#post(body, deadline, signal);
      if (response && response.statusCode < 300) return this.#warnOfRejection(response);
      const waitMillis =
        readRetryAfterMillis(response) ?? addJitter(Math.min(backoffMillis, MAX_BACKOFF_MILLIS));
      const isFinal = response && !RETRYABLE.has(response.statusCode);
      if (isFinal || signal.aborted || Date.now() + waitMillis > deadline) throw error;
      await wait(waitMillis, undefined, { signal });
    }
  }

  async #post(
    body: Uint8Array,
    deadline: number,
    signal: AbortSignal,
  ): Promise<{ response?: PostResponse; error: Error }> {
    const { headers, compression } = this.#config;
    const request = {
      url: this.#url,
      headers: {
        "user-agent": "OTel-OTLP-Exporter-Tracebridge",
        ...headers,
        "content-type": this.#serializer.contentType,
        ...(compression === "gzip" && { "content-encoding": "gzip" }),
      },
      body,
      agent: this.#agent,
      deadlineMillis: Math.max(1, deadline - Date.now()),
      signal,
    };
    try {
      const response = await post(request);
      return { response, error: new Error(`the answer was ${response.statusCode}`) };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  #warnOfRejection({ body }: PostResponse): void {
    let rejection: string | undefined;
    try {
      rejection = this.#serializer.readRejection(body);
    } catch {
      // Some back ends answer with a text of their own.
    }
    if (rejection !== undefined) diag.warn(`The OTLP back end did not take everything: ${rejection}`);
  }
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function readRetryAfterMillis(response: PostResponse | undefined): number | undefined {
  const value = response?.headers["retry-after"];
  if (value === null || value === undefined) return undefined;
  const millis = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(millis) ? undefined : Math.max(0, millis);
}

/** Many services must not come back in the same moment. */
function addJitter(millis: number): number {
  return millis * (0.8 + Math.random() * 0.4);
}
