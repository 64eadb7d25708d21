import { ConfigError } from "./config-error.ts";
import type { Destination } from "./forward/destination.ts";
import { readForwardConfig } from "./forward/read-forward-config.ts";
import type { StoreLimits } from "./store/forgetter.ts";

/** What the compare server is told by its environment. */
export interface CompareConfig {
  port: number;
  host: string;
  /** File of the store; undefined keeps everything in memory. */
  storeFile: string | undefined;
  storeLimits: StoreLimits;
  /** Back ends that are sent what arrives. */
  destinations: Destination[];
}

const mebibyte = 1024 * 1024;
const hourMillis = 3_600_000;

/** @throws ConfigError */
export function readCompareConfig(env: NodeJS.ProcessEnv): CompareConfig {
  const port = readInteger(env, "PORT", { fallback: 8007, min: 0, max: 65_535 });
  const host = env["HOST"] || "127.0.0.1";
  return {
    port,
    host,
    destinations: readForwardConfig(env, { host, port }),
    storeFile: env["COMPARE_STORE"] || undefined,
    storeLimits: {
      maxBytes: readInteger(env, "COMPARE_STORE_MIB", { fallback: 128, min: 1, max: 16_384 }) * mebibyte,
      maxItems: readInteger(env, "COMPARE_STORE_ITEMS", { fallback: 500_000, min: 1, max: 100_000_000 }),
      // 0 keeps them however old they are.
      maxAgeMillis:
        (readInteger(env, "COMPARE_STORE_HOURS", { fallback: 168, min: 0, max: 87_600 }) || Infinity) *
        hourMillis,
    },
  };
}

function readInteger(
  env: NodeJS.ProcessEnv,
  variable: string,
  range: { fallback: number; min: number; max: number },
): number {
  const value = env[variable];
  if (!value) return range.fallback;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= range.min && number <= range.max) return number;
  throw new ConfigError(
    `${variable}="${value}" cannot be used: give a whole number from ${range.min} to ${range.max}.`,
  );
}
