import { z } from "zod";
import type { Variable } from "./read-config.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A span of time to draw from, both ends included, in milliseconds. */
export interface MillisRange {
  minMillis: number;
  maxMillis: number;
}

const longestDelayMillis = 10 * 60_000;

function portVariable(fallback: number): Variable<number> {
  return {
    schema: z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .refine((port) => port <= 65_535),
    fallback,
    is: "a port",
    fix: `use a whole number from 0 (any free port) to 65535, or leave it unset for ${fallback}`,
  };
}

export function textVariable(fallback: string, what: string): Variable<string> {
  return { schema: z.string(), fallback, is: what, fix: `set it to ${what}` };
}

/** A URL that may hold a password; it has to be set. */
export function serverUrlVariable(protocols: readonly string[], example: string): Variable<string> {
  return {
    schema: z
      .string()
      .refine((text) => protocols.some((protocol) => text.startsWith(`${protocol}://`)) && hasHost(text)),
    is: `a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(" or ")}`,
    fix: `set it for example to ${example}`,
    secret: true,
  };
}

function hasHost(text: string): boolean {
  // Not URL.parse: a MongoDB URL may list several hosts, which WHATWG URLs cannot.
  return /^[a-z+]+:\/\/(?:[^/@]*@)?[^/@?]+/.test(text);
}

export function webUrlVariable(): Variable<string | undefined> {
  return {
    schema: z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text)),
    fallback: undefined,
    is: "an http:// or https:// URL",
    fix: "correct it, or leave it unset",
  };
}

const logLevelVariable: Variable<LogLevel> = {
  schema: z.enum(logLevels),
  fallback: "info",
  is: "a log level",
  fix: `use one of ${logLevels.join(", ")}, or leave it unset for info`,
};

/** A database name as MongoDB accepts it on every platform. */
function databaseNameVariable(fallback: string): Variable<string> {
  return {
    schema: z.string().regex(/^[A-Za-z0-9_-]{1,63}$/),
    fallback,
    is: "a database name",
    fix: `use 1 to 63 letters, digits, "_" and "-", or leave it unset for ${fallback}`,
  };
}

/** Milliseconds: one number, or a range such as `5000-10000`. */
export function millisRangeVariable(fallback: MillisRange): Variable<MillisRange> {
  return {
    schema: z
      .string()
      .regex(/^\d{1,6}(?:-\d{1,6})?$/)
      .transform((text): MillisRange => {
        const [min = "", max = min] = text.split("-");
        return { minMillis: Number(min), maxMillis: Number(max) };
      })
      .refine((range) => range.minMillis <= range.maxMillis && range.maxMillis <= longestDelayMillis),
    fallback,
    is: "a number of milliseconds or a range of them",
    fix: `use for example 20 or ${fallback.minMillis}-${fallback.maxMillis} (the smaller number first, at most ${longestDelayMillis})`,
  };
}

/** A whole number from 1. */
export function countVariable(fallback: number, most: number, what: string): Variable<number> {
  return {
    schema: z
      .string()
      .regex(/^[1-9]\d*$/)
      .transform(Number)
      .refine((count) => count <= most),
    fallback,
    is: what,
    fix: `use a whole number from 1 to ${most}, or leave it unset for ${fallback}`,
  };
}

/** A probability from 0 (never) to 1 (always). */
export const rateVariable: Variable<number> = {
  schema: z
    .string()
    .regex(/^(?:\d*\.)?\d+$/)
    .transform(Number)
    .refine((rate) => rate <= 1),
  fallback: 0,
  is: "a rate",
  fix: "use a number from 0 (never) to 1 (always), or leave it unset for 0",
};

/** Where a test makes the service kill itself; never set in production. */
export function failPointVariable<P extends string>(points: readonly [P, ...P[]]): Variable<P | undefined> {
  return {
    schema: z.enum(points),
    fallback: undefined,
    is: "a fail point of this service",
    fix: `use one of ${points.join(", ")}, or leave it unset`,
  };
}

/** What every service needs to run. */
export function serviceVariables(defaults: { port: number; database: string }) {
  return {
    PORT: portVariable(defaults.port),
    HOST: textVariable("127.0.0.1", "the address to listen on"),
    AMQP_URL: serverUrlVariable(["amqp", "amqps"], "amqp://guest:guest@127.0.0.1:5672"),
    MONGO_URL: serverUrlVariable(["mongodb", "mongodb+srv"], "mongodb://127.0.0.1:27017"),
    MONGO_DATABASE: databaseNameVariable(defaults.database),
    LOG_LEVEL: logLevelVariable,
  };
}
