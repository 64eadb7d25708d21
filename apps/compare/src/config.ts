/** What the compare server is told by its environment. */
export interface CompareConfig {
  port: number;
  host: string;
  /** File of the store; undefined keeps everything in memory. */
  storeFile: string | undefined;
  /** The store forgets its oldest traces beyond this many bytes of stored JSON. */
  maxStoreBytes: number;
}

/** A mistake in the environment: names the variable, its value and the fix. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const mebibyte = 1024 * 1024;

/** @throws ConfigError */
export function readCompareConfig(env: NodeJS.ProcessEnv): CompareConfig {
  return {
    port: readInteger(env, "PORT", { fallback: 8007, min: 0, max: 65_535 }),
    host: env["HOST"] || "127.0.0.1",
    storeFile: env["COMPARE_STORE"] || undefined,
    maxStoreBytes: readInteger(env, "COMPARE_STORE_MIB", { fallback: 128, min: 1, max: 16_384 }) * mebibyte,
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
