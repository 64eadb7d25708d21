import { readFailure, readProblem, unexpected, type Problem } from "./problem.ts";

/** Every call answers with a value or with a problem; none of them throws. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export interface CallOptions {
  /** Default: the page's own origin. */
  readonly baseUrl?: string;
  /** How long one call may take. Default 10,000. */
  readonly timeoutMillis?: number;
}

interface Request {
  readonly path: string;
  /** Posted as JSON; without it the call is a GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** What a status means here, where it does not mean what it means everywhere. */
  readonly meanings?: Readonly<Record<number, Problem>>;
}

interface Response2xx {
  readonly status: number;
  readonly body: unknown;
}

/**
 * One call to the web service. The request is begun before this returns, so in the caller's trace.
 *
 * @param read makes the value of an answer; undefined when the answer is not understood
 */
export type Call = <T>(
  request: Request,
  read: (response: Response2xx) => T | undefined,
) => Promise<Answer<T>>;

export function createCall({ baseUrl = "", timeoutMillis = 10_000 }: CallOptions): Call {
  return async ({ path, body, signal, meanings }, read) => {
    const timeout = AbortSignal.timeout(timeoutMillis);
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        cache: "no-store",
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
        ...(body !== undefined && postOf(body)),
      });
      const { ok, status, headers } = response;
      const answered = readJson(await response.text());
      if (ok) return understand(read({ status, body: answered }));
      const refusal = { status, body: answered, retryAfter: headers.get("retry-after") };
      return { ok: false, problem: meanings?.[status] ?? readProblem(refusal) };
    } catch (error) {
      return { ok: false, problem: readFailure(error, timeoutMillis) };
    }
  };
}

function postOf(body: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function understand<T>(value: T | undefined): Answer<T> {
  if (value === undefined) return { ok: false, problem: unexpected("It is not what this page understands.") };
  return { ok: true, value };
}

/** Proxies answer with HTML when the service behind them is down: then undefined. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
