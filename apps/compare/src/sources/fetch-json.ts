import { readRefusal } from "./read-refusal.ts";
import { SourceError } from "./source.ts";

export interface FetchLimits {
  /** For everything that one question to a source takes, milliseconds. */
  timeoutMillis: number;
  /** The largest answer, in bytes as unpacked. */
  maxBytes: number;
}

const mebibyte = 1024 * 1024;
export const defaultLimits: FetchLimits = { timeoutMillis: 10_000, maxBytes: 64 * mebibyte };

export interface FetchOptions {
  /** The source as its user wrote it, without secrets. */
  sourceName: string;
  headers: Readonly<Record<string, string>>;
  limits: FetchLimits;
  /** Ends after `limits.timeoutMillis`; one for all requests of a question. */
  signal: AbortSignal;
  /** What to do when the source wants to know who asks. */
  authorisationFix: string;
  /** What to do when nothing answers. */
  unreachableFix?: string;
  /** What to do when the source redirects. */
  redirectFix?: string;
  /** Jaeger calls its JSON plain text. */
  acceptsPlainText?: boolean;
}

export interface Answer {
  status: number;
  /** In small letters, without parameters; empty when there is none. */
  contentType: string;
  headers: Headers;
  /** Undefined for what is no JSON, which a page of HTML with status 200 is, too. */
  json: unknown;
}

/**
 * Asks a source once, with GET. Follows no redirect: a source is a fixed address, and what it answers cannot make us ask
 * another.
 *
 * @returns the answer whatever its status, other than 3xx, 401, 403 and 429
 * @throws SourceError when there is no answer, or one that says no
 */
export async function fetchJson(url: URL, options: FetchOptions): Promise<Answer> {
  try {
    // "manual" hands the redirect to us unfollowed; "error" would make it look like a broken connection.
    const response = await fetch(url, {
      headers: options.headers,
      signal: options.signal,
      redirect: "manual",
    });
    const refusal = readRefusal(response, options);
    if (refusal) {
      await response.body?.cancel();
      throw refusal;
    }
    const contentType = readMediaType(response.headers);
    const text = await readText(response, options);
    return {
      status: response.status,
      contentType,
      headers: response.headers,
      json: isJsonType(contentType, options) ? parseJson(text) : undefined,
    };
  } catch (error) {
    throw error instanceof SourceError ? error : describeFailure(error, options);
  }
}

function readMediaType(headers: Headers): string {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function isJsonType(contentType: string, { acceptsPlainText }: FetchOptions): boolean {
  return (
    /^application\/(\S+\+)?json$/.test(contentType) ||
    (acceptsPlainText === true && contentType === "text/plain")
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function readText({ body }: Response, { limits, sourceName }: FetchOptions): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream, so that no more is received than was asked for, and unpacked.
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > limits.maxBytes) {
      throw new SourceError(
        "TOO_LARGE",
        `${sourceName} answers with more than ${formatSize(limits.maxBytes)}, which is not read.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function describeFailure(error: unknown, options: FetchOptions): SourceError {
  const { sourceName, limits, signal, unreachableFix } = options;
  if (signal.aborted) {
    return new SourceError(
      "TIMED_OUT",
      `${sourceName} gave no complete answer within ${limits.timeoutMillis / 1000} s.`,
      { cause: error },
    );
  }
  return new SourceError(
    "UNREACHABLE",
    `${sourceName} cannot be reached (${describeCause(error)}). ` +
      (unreachableFix ?? "Does it run, and is the address right?"),
    { cause: error },
  );
}

/** `fetch` says "fetch failed" and hides the reason in its cause. */
function describeCause(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}

/** Bytes as people write them. */
export function formatSize(bytes: number): string {
  return bytes % mebibyte === 0 ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;
}
