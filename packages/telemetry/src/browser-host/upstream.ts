import { isTemporaryFailure } from "../http/back-off.ts";
import { describeError } from "../http/describe-error.ts";
import { DeadlineError } from "../http/exchange.ts";
import type { PostResponse } from "../http/exchange.ts";
import { createAgent, post } from "../http/post.ts";
import { Refusal } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { RequestBody } from "./request-body.ts";

const MAX_CONNECTIONS = 8;
/** About the request itself, so that whoever made it should know. */
const ABOUT_THE_REQUEST = new Set([400, 413, 429]);
const NEVER = new AbortController().signal;

/** What is sent on. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly encoding: RequestBody["encoding"];
}

export interface UpstreamOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For one request, the answer included. */
  readonly deadlineMillis: number;
  /** Told why something does not get through, every time. */
  readonly onFailure: (reason: string) => void;
}

/** The one address that what pages send goes on to. None of their headers goes with it. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #agent: ReturnType<typeof createAgent>;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#agent = createAgent(options.url, MAX_CONNECTIONS);
  }

  /** @throws Refusal with the status for the page, which tries again where that can help */
  async send(payload: Payload): Promise<Answer> {
    const { statusCode, headers, body } = await this.#post(payload);
    const passedOn = {
      ...readHeader("x-sentry-rate-limits", headers["x-sentry-rate-limits"]),
      ...readHeader("retry-after", headers["retry-after"]),
    };
    if (statusCode >= 200 && statusCode < 300)
      return { status: 200, headers: passedOn, body: readJson(body) };
    const isOfRequest = ABOUT_THE_REQUEST.has(statusCode);
    if (!isOfRequest) this.#options.onFailure(`the answer was ${statusCode}`);
    const isPassedOn = isOfRequest || isTemporaryFailure(statusCode);
    // 500 is final: a key that is wrong now is wrong at the next attempt.
    throw new Refusal(isPassedOn ? statusCode : 500, `the back end answered ${statusCode}`, passedOn);
  }

  async #post({ bytes, encoding }: Payload): Promise<PostResponse> {
    const { url, headers, deadlineMillis, onFailure } = this.#options;
    const all = { ...headers, ...(encoding && { "content-encoding": encoding }) };
    try {
      return await post({
        url,
        headers: all,
        body: bytes,
        agent: this.#agent,
        deadlineMillis,
        signal: NEVER,
      });
    } catch (error) {
      onFailure(describeError(error));
      const isLate = error instanceof DeadlineError;
      throw new Refusal(isLate ? 504 : 502, isLate ? "the back end is too slow" : "the back end is away");
    }
  }
}

function readHeader(name: string, value: string | null): Readonly<Record<string, string>> {
  return value === null ? {} : { [name]: value };
}

/** A success may be a partial one: https://opentelemetry.io/docs/specs/otlp/#partial-success */
function readJson(body: Uint8Array): string {
  const text = Buffer.from(body).toString("utf8");
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return "{}";
  }
}
