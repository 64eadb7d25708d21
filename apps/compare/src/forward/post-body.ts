import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ForwardedBody } from "./destination.ts";

/** How a back end took a body. `failed` may be the fault of this one body, `later` is not. */
export type PostResult =
  | { outcome: "taken" }
  | { outcome: "refused" | "failed"; reason: string }
  | { outcome: "later"; reason: string; retryAfterMillis?: number };

const pack = promisify(gzip);
/** Smaller bodies gain nothing. */
const minPackedBytes = 1024;
/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const retriedStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** One attempt, over by then whatever the other end does. Never rejects. */
export async function postBody(
  { url, headers, body }: ForwardedBody,
  timeoutMillis: number,
): Promise<PostResult> {
  try {
    const isPacked = body.length >= minPackedBytes;
    const response = await fetch(url, {
      method: "POST",
      headers: isPacked ? { ...headers, "content-encoding": "gzip" } : { ...headers },
      body: isPacked ? await pack(body, { level: 1 }) : Buffer.from(body),
      // What was meant for this address is for no other.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMillis),
    });
    // Frees the connection for the next one.
    await response.arrayBuffer();
    if (response.ok) return { outcome: "taken" };
    const reason = `it answered ${response.status}`;
    if (!retriedStatuses.has(response.status)) {
      return { outcome: response.status >= 500 ? "failed" : "refused", reason };
    }
    return {
      outcome: "later",
      reason,
      retryAfterMillis: readRetryAfter(response.headers.get("retry-after")),
    };
  } catch (error) {
    return { outcome: "later", reason: describe(error) };
  }
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function readRetryAfter(text: string | null): number | undefined {
  if (text === null) return undefined;
  const millis = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(millis) && millis > 0 ? millis : undefined;
}

/** `fetch` itself says no more than that it failed; a cause's code holds nothing secret. */
function describe(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") return "it did not answer in time";
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no answer";
  return `it cannot be reached (${code})`;
}
