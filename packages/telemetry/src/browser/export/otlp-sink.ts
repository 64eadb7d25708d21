import { TraceFlags } from "@opentelemetry/api";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { DeliveryCounter } from "../../exporters/delivery-counter.ts";
import { readPartialSuccess } from "../../exporters/partial-success.ts";
import type { OtlpAnswer } from "../../exporters/partial-success.ts";
import { BackOff, isTemporaryFailure, readRetryAfterMillis } from "../../http/back-off.ts";
import { describeThrown } from "../../problems/index.ts";
import type { Reporter } from "../../problems/index.ts";
import type { SinkStats } from "../../telemetry.ts";
import { createWaitingSpan } from "../../trace-state/index.ts";
import type { BrowserPost, FlushOptions, PostAnswer } from "../types.ts";
import type { BrowserSink } from "./sink.ts";

export interface OtlpSinkOptions {
  readonly path: string;
  readonly post: BrowserPost;
  readonly reportOnce: Reporter["once"];
}

const MAX_WAITING = 1_000;
const MAX_BATCH = 100;
/** Of one body, so that browsers let it outlive its page, with one more and with what is Sentry's. */
const MAX_BODY_BYTES = 24_000;
const MAX_WAIT_MILLIS = 2_000;
const TIMEOUT_MILLIS = 10_000;
/** A page is not open for ever, and its spans are not worth more. */
const MAX_ATTEMPTS = 5;
const MAX_PAUSE_MILLIS = 60_000;

interface Waiting {
  readonly span: ReadableSpan;
  attempts: number;
}

/** Sends spans as OTLP/HTTP JSON in batches, one at a time, and again when the server could not take them. */
export class OtlpSink implements BrowserSink {
  readonly name = "otlp";
  readonly #options: OtlpSinkOptions;
  readonly #counter = new DeliveryCounter();
  readonly #backOff = new BackOff({ firstMillis: 1_000, maxMillis: 30_000 });
  readonly #underWay = new Set<Promise<void>>();
  readonly #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;
  #isEnded = false;

  constructor(options: OtlpSinkOptions) {
    this.#options = options;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.#counter.accept();
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) this.#counter.drop("sample_rate", 1);
    else if (this.#isEnded) this.#counter.drop("shutdown", 1);
    else if (this.#waiting.length >= MAX_WAITING) this.#counter.drop("queue_overflow", 1);
    else {
      this.#waiting.push({ span: createWaitingSpan(span), attempts: 0 });
      if (this.#waiting.length >= MAX_BATCH) this.#sendDue();
      else this.#timer ??= setTimeout(() => this.#sendDue(), MAX_WAIT_MILLIS);
    }
  }

  /** A server that wants to be left alone is, also by a page that ends. */
  async flush({ isLast, timeoutMillis }: FlushOptions): Promise<void> {
    const end = performance.now() + timeoutMillis;
    const isFree = (): boolean => isLast || this.#underWay.size === 0;
    while (this.#waiting.length > 0 || this.#underWay.size > 0) {
      if (isFree() && (this.#waiting.length === 0 || this.#pause > 0)) return;
      if (isFree()) this.#send(isLast);
      if (isLast) continue;
      await Promise.allSettled(this.#underWay);
      if (performance.now() > end) return;
    }
  }

  async forceFlush(): Promise<void> {
    await this.flush({ isLast: false, timeoutMillis: TIMEOUT_MILLIS });
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    this.close();
  }

  close(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#counter.fail("shutdown", this.#counter.exporting);
    this.#counter.close();
  }

  stats(): SinkStats {
    return this.#counter.stats();
  }

  get #pause(): number {
    return this.#notBefore - performance.now();
  }

  #sendDue(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0 || this.#underWay.size > 0) return;
    if (this.#pause > 0) this.#timer = setTimeout(() => this.#sendDue(), this.#pause);
    else this.#send(false);
  }

  #send(isLast: boolean): void {
    const { batch, body } = this.#takeBatch();
    this.#counter.export(batch.length);
    if (!body) {
      this.#counter.fail("internal_sdk_error", batch.length);
      return;
    }
    const { path, post } = this.#options;
    const request = { path, contentType: "application/json", body, timeoutMillis: TIMEOUT_MILLIS, isLast };
    const sent: Promise<void> = post(request)
      .then(
        (answer) => this.#settle(batch, answer),
        (error: unknown) => this.#retry(batch, describeFailure(error), undefined, describeThrown(error)),
      )
      .finally(() => {
        this.#underWay.delete(sent);
        this.#sendDue();
      });
    this.#underWay.add(sent);
  }

  #takeBatch(): { batch: Waiting[]; body: Uint8Array<ArrayBuffer> | undefined } {
    let batch = this.#waiting.splice(0, MAX_BATCH);
    let body = serialize(batch);
    while (body && body.length > MAX_BODY_BYTES && batch.length > 1) {
      this.#waiting.unshift(...batch.splice(Math.ceil(batch.length / 2)));
      body = serialize(batch);
    }
    return { batch, body };
  }

  #settle(batch: readonly Waiting[], answer: PostAnswer): void {
    const { statusCode, text } = answer;
    if (statusCode >= 200 && statusCode < 300) {
      this.#backOff.reset();
      this.#deliver(batch.length, text);
    } else if (statusCode === 429 || isTemporaryFailure(statusCode)) {
      const reason = statusCode === 429 ? "rate_limited" : "send_error";
      this.#retry(batch, reason, readRetryAfterMillis(answer), `it answered ${statusCode}`);
    } else {
      this.#counter.fail("send_error", batch.length);
      this.#tell(`it answered ${statusCode}`);
    }
  }

  /** A success may be a partial one. */
  #deliver(count: number, text: string): void {
    const { rejected, problem } = readPartialSuccess(() => JSON.parse(text) as OtlpAnswer);
    this.#counter.fail("rejected", Math.min(rejected, count));
    this.#counter.deliver(Math.max(0, count - rejected));
    if (problem !== undefined) this.#options.reportOnce("otlp:partial", `${problem}.`);
  }

  /** Back to the begin of the queue, as often as it may. */
  #retry(batch: readonly Waiting[], reason: string, afterMillis: number | undefined, why: string): void {
    this.#notBefore = performance.now() + Math.min(afterMillis ?? this.#backOff.next(), MAX_PAUSE_MILLIS);
    this.#tell(why);
    for (const waiting of batch) waiting.attempts += 1;
    const kept = this.#isEnded ? [] : batch.filter(({ attempts }) => attempts < MAX_ATTEMPTS);
    this.#counter.fail(reason, batch.length - kept.length);
    this.#counter.requeue(kept.length);
    this.#waiting.unshift(...kept);
  }

  #tell(why: string): void {
    const { path, reportOnce } = this.#options;
    reportOnce("otlp:spans", `Spans could not be sent to ${path}: ${why}; the page runs on without them.`);
  }
}

/** `undefined` when they cannot be written. */
function serialize(batch: readonly Waiting[]): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = JsonTraceSerializer.serializeRequest(batch.map(({ span }) => span));
    return bytes && new Uint8Array(bytes);
  } catch {
    return undefined;
  }
}

function describeFailure(error: unknown): string {
  return error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "network_error";
}
