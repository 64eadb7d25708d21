import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { PostFailure, PostResponse } from "../../http/exchange.ts";
import type { Job } from "../../sentry/transport/envelope-queue.ts";
import type { Sender } from "../../sentry/transport/sender.ts";
import type { BrowserPost } from "../types.ts";

export interface PageSenderParts {
  readonly post: BrowserPost;
  /** The tunnel, in the page's own origin. */
  readonly path: string;
  /** Whether what is sent now has to outlive the page. */
  readonly isLast: () => boolean;
}

const MAX_ACTIVE = 4;
const DEADLINE_MILLIS = 10_000;
const CONTENT_TYPE = "application/x-sentry-envelope";

/** The way from a page to Sentry. Browsers do not compress what they send. */
export class PageSender implements Sender {
  readonly #parts: PageSenderParts;
  #active = 0;

  constructor(parts: PageSenderParts) {
    this.#parts = parts;
  }

  /** A page that is being hidden has no other time to send. */
  get hasRoom(): boolean {
    return this.#active < MAX_ACTIVE || this.#parts.isLast();
  }

  isCompressedElsewhere(): boolean {
    return false;
  }

  compressInPlace(): undefined {
    return undefined;
  }

  compress({ body }: Job): Promise<Uint8Array> {
    return Promise.resolve(body);
  }

  sendTogether(start: () => void): void {
    context.with(suppressTracing(context.active()), start);
  }

  send(job: Job, settle: (result: PostResponse | PostFailure) => void): void {
    this.#active += 1;
    void this.#post(job).then((result) => {
      this.#active -= 1;
      settle(result);
    });
  }

  /** What is under way stays so: it was sent already, and nobody waits for its answer any more. */
  close(): void {}

  async #post({ body }: Job): Promise<PostResponse | PostFailure> {
    const { post, path, isLast } = this.#parts;
    try {
      const answer = await post({
        path,
        contentType: CONTENT_TYPE,
        body: body as Uint8Array<ArrayBuffer>,
        timeoutMillis: DEADLINE_MILLIS,
        isLast: isLast(),
      });
      return { ...answer, body: new Uint8Array() };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return { error, mayHaveArrived: true, wasBehindOthers: false, cause: "failed" };
    }
  }
}
