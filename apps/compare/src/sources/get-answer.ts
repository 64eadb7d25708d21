import { SourceError } from "./source.ts";

export interface GetLimits {
  /** For everything that one question to a source takes, milliseconds. */
  timeoutMillis: number;
  /** The largest answer, in bytes as unpacked. */
  maxBytes: number;
}

const mebibyte = 1024 * 1024;
export const defaultLimits: GetLimits = { timeoutMillis: 10_000, maxBytes: 64 * mebibyte };

export interface GetOptions {
  /** The source as its user wrote it, without secrets. */
  sourceName: string;
  headers: Readonly<Record<string, string>>;
  limits: GetLimits;
  /** Ends after `limits.timeoutMillis`; one for all requests of a question. */
  signal: AbortSignal;
  /** What to do when the source wants to know who asks. */
  authorisationFix: string;
}

export interface Answer {
  status: number;
  /** In small letters, without parameters; empty when there is none. */
  contentType: string;
  headers: Headers;
  text: string;
}

/**
 * Asks a source once. Follows no redirect: a source is a fixed address, and what it answers cannot make us ask another.
 *
 * @throws SourceError when there is no answer, or one that says no
 */
export async function getAnswer(url: URL, options: GetOptions): Promise<Answer> {
  try {
    // "manual" hands the redirect to us unfollowed; "error" would make it look like a broken connection.
    const response = await fetch(url, {
      headers: options.headers,
      signal: options.signal,
      redirect: "manual",
    });
    const refusal = describeRefusal(response.status, options);
    if (refusal) {
      await response.body?.cancel();
      throw refusal;
    }
    return {
      status: response.status,
      contentType: (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
      headers: response.headers,
      text: await readText(response, options),
    };
  } catch (error) {
    throw error instanceof SourceError ? error : describeFailure(error, options);
  }
}

/**
 * The answer's JSON. Undefined for what is none, which a page of HTML with status 200 is, too. Plain text is looked at,
 * because Jaeger calls its JSON that.
 */
export function readJson({ contentType, text }: Answer): unknown {
  if (!/^(application\/json|application\/\S+\+json|text\/plain)$/.test(contentType)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function readText({ body }: Response, { limits, sourceName }: GetOptions): Promise<string> {
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

function describeRefusal(
  status: number,
  { sourceName, authorisationFix }: GetOptions,
): SourceError | undefined {
  if (status === 401 || status === 403) {
    return new SourceError(
      "UNAUTHORISED",
      `${sourceName} refuses with status ${status}. ${authorisationFix}`,
    );
  }
  if (status === 429) {
    return new SourceError("RATE_LIMITED", `${sourceName} is asked too often (status 429). Try again later.`);
  }
  if (status >= 300 && status < 400) {
    return new SourceError(
      "REDIRECTED",
      `${sourceName} redirects (status ${status}), and redirects are not followed. Give the address it redirects to.`,
    );
  }
  return undefined;
}

function describeFailure(error: unknown, { sourceName, limits, signal }: GetOptions): SourceError {
  if (signal.aborted) {
    return new SourceError(
      "TIMED_OUT",
      `${sourceName} gave no complete answer within ${limits.timeoutMillis / 1000} s.`,
      { cause: error },
    );
  }
  return new SourceError(
    "UNREACHABLE",
    `${sourceName} cannot be reached (${describeCause(error)}). Does it run, and is the address right?`,
    { cause: error },
  );
}

/** `fetch` says "fetch failed" and hides the reason in its cause. */
function describeCause(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}

function formatSize(bytes: number): string {
  return bytes % mebibyte === 0 ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;
}
