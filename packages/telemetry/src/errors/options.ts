export type ErrorLevel = "fatal" | "error" | "warning" | "info" | "debug";

export interface CaptureErrorOptions {
  readonly tags?: Readonly<Record<string, string>>;
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Named groups of facts, for example `{ order: { items: 2 } }`. */
  readonly contexts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Default `error`. Levels below it leave the status of the active span alone. */
  readonly level?: ErrorLevel;
  /** Groups the issue in Sentry by these texts; `{{ default }}` stands for what Sentry would group by. */
  readonly fingerprint?: readonly string[];
  /** Whether the application dealt with the error; default true. `false` counts the request as crashed. */
  readonly handled?: boolean;
}

export interface Breadcrumb {
  readonly message: string;
  readonly category?: string;
  readonly level?: ErrorLevel;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Whether what is reported at this level has failed. */
export function isFailureLevel(level: ErrorLevel): boolean {
  return level === "fatal" || level === "error";
}
