import { randomInt } from "node:crypto";

const DIGITS = 6;
const SCALE = 10 ** DIGITS;

/**
 * A uniform number in [0, 1) from the random tail of a trace id, so that services which share nothing but W3C headers
 * and a rate still take the same decision. Thirteen hex digits are the 52 bits a double holds exactly.
 */
export function deriveSampleRand(traceId: string): number {
  const tail = Number.parseInt(traceId.slice(-13), 16);
  return truncate(tail / 2 ** 52);
}

/** A uniform number in [0, 1) that nobody outside can foresee. */
export function createSampleRand(): number {
  return randomInt(SCALE) / SCALE;
}

/**
 * A number that agrees with a decision already taken: below the rate when sampled, at or above it when not.
 * @see https://develop.sentry.dev/sdk/foundations/trace-propagation/#propagated-random-value
 */
export function deriveConsistentSampleRand(traceId: string, rate: number, sampled: boolean): number {
  const random = deriveSampleRand(traceId);
  return truncate(sampled ? random * rate : rate + random * (1 - rate));
}

/** Sentry's wire form: six decimals, rounded down so that 1 is never reached. */
export function formatSampleRand(sampleRand: number): string {
  return sampleRand.toFixed(DIGITS);
}

function truncate(value: number): number {
  return Math.min(Math.floor(value * SCALE), SCALE - 1) / SCALE;
}
