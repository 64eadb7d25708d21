export interface BackOffOptions {
  readonly firstMillis: number;
  readonly maxMillis: number;
}

const DEFAULT_OPTIONS: BackOffOptions = { firstMillis: 1_000, maxMillis: 5_000 };
const GROWTH = 1.5;

/** The pauses between attempts: each is longer than the one before, up to a limit. */
export class BackOff {
  readonly #options: BackOffOptions;
  #nextMillis: number;

  constructor(options: BackOffOptions = DEFAULT_OPTIONS) {
    this.#options = options;
    this.#nextMillis = options.firstMillis;
  }

  /** With jitter: many services must not come back in the same moment. */
  next(): number {
    const millis = this.#nextMillis;
    this.#nextMillis = Math.min(millis * GROWTH, this.#options.maxMillis);
    return millis * (0.8 + Math.random() * 0.4);
  }

  reset(): void {
    this.#nextMillis = this.#options.firstMillis;
  }
}

/** Whoever answered has not dealt with the request, and another try may succeed. */
export function isTemporaryFailure(statusCode: number): boolean {
  return statusCode === 502 || statusCode === 503 || statusCode === 504;
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function readRetryAfterMillis(
  response: { readonly headers: { readonly "retry-after": string | null } } | undefined,
): number | undefined {
  const value = response?.headers["retry-after"];
  if (value === null || value === undefined) return undefined;
  const millis = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(millis) ? undefined : Math.max(0, millis);
}
