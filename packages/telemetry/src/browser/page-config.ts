import { MAX_LIST_ITEMS } from "../config/parse.ts";

/**
 * What the server tells telemetry in its page, as JSON in `<script type="application/json" id="tracebridge">`. Written by
 * the browser host, read by `startBrowserTelemetry`.
 */
export interface PageConfig {
  /** Of the page, for example `page`. */
  readonly serviceName: string;
  readonly environment?: string;
  readonly release?: string;
  /** Absent: Sentry gets nothing. */
  readonly sentry?: PageSentry;
  /** Absent: no spans to OTLP. */
  readonly otlp?: {
    /** A path of the page's own origin that takes OTLP/HTTP JSON, for example `/tb/t`. */
    readonly url: string;
    /** 0 to 1. */
    readonly sampleRate: number;
  };
  /** Whether spans are printed to the browser's console; default false. */
  readonly console?: boolean;
  /** To whom headers are sent; absent: the page's own origin; empty: nobody. `/…/` is a regular expression. */
  readonly propagationTargets?: readonly string[];
  readonly businessKeys: readonly string[];
  readonly debug?: boolean;
}

interface PageSentry {
  readonly dsn: string;
  /** A path of the page's own origin that takes envelopes, for example `/tb/e`. */
  readonly tunnel: string;
  readonly spans: boolean;
  readonly errors: boolean;
  /** 0 to 1. */
  readonly tracesSampleRate: number;
}

/** The id of the element that holds the configuration. */
export const PAGE_CONFIG_ID = "tracebridge";

/** A configuration that is not what `PageConfig` says; the message names the member. */
export class PageConfigError extends Error {}

/**
 * Checks every member, and leaves out what is unknown.
 * @throws PageConfigError
 */
export function readPageConfig(value: unknown): PageConfig {
  const config = new Members(value, "");
  const sentry = config.group("sentry");
  const otlp = config.group("otlp");
  return {
    serviceName: config.text("serviceName") ?? config.missing("serviceName"),
    environment: config.text("environment"),
    release: config.text("release"),
    ...(sentry && { sentry: readSentry(sentry) }),
    ...(otlp && { otlp: { url: otlp.path("url"), sampleRate: otlp.rate("sampleRate") } }),
    console: config.flag("console"),
    propagationTargets: config.texts("propagationTargets"),
    businessKeys: config.texts("businessKeys") ?? [],
    debug: config.flag("debug"),
  };
}

function readSentry(sentry: Members): PageSentry {
  return {
    dsn: sentry.text("dsn") ?? sentry.missing("dsn"),
    tunnel: sentry.path("tunnel"),
    spans: sentry.flag("spans") ?? true,
    errors: sentry.flag("errors") ?? true,
    tracesSampleRate: sentry.rate("tracesSampleRate"),
  };
}

/** The members of an object of any origin. */
class Members {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #prefix: string;

  constructor(value: unknown, prefix: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new PageConfigError(`${prefix.slice(0, -1) || "the configuration"} must be an object`);
    }
    this.#values = value as Readonly<Record<string, unknown>>;
    this.#prefix = prefix;
  }

  group(key: string): Members | undefined {
    const value = this.#read(key);
    return value === undefined ? undefined : new Members(value, `${this.#prefix}${key}.`);
  }

  text(key: string): string | undefined {
    const value = this.#read(key);
    if (value === undefined) return undefined;
    return isText(value) ? value : this.#fail(key, "a text that is not empty");
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.#read(key);
    if (value === undefined) return undefined;
    const isList = Array.isArray(value) && value.length <= MAX_LIST_ITEMS && value.every(isText);
    return isList ? value : this.#fail(key, "a list of texts that are not empty");
  }

  flag(key: string): boolean | undefined {
    const value = this.#read(key);
    return value === undefined || typeof value === "boolean" ? value : this.#fail(key, "true or false");
  }

  rate(key: string): number {
    const value = this.#read(key) ?? 1;
    const isRate = typeof value === "number" && value >= 0 && value <= 1;
    return isRate ? value : this.#fail(key, "a number from 0 to 1");
  }

  /** Of the page's own origin, so that no configuration sends spans, or cookies, to another. */
  path(key: string): string {
    const value = this.text(key) ?? this.missing(key);
    return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)
      ? value
      : this.#fail(key, "a path that begins with one /");
  }

  missing(key: string): never {
    return this.#fail(key, "given");
  }

  #read(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? (this.#values[key] ?? undefined) : undefined;
  }

  #fail(key: string, expected: string): never {
    throw new PageConfigError(`${this.#prefix}${key} must be ${expected}`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
