import { drawNumber } from "./random.ts";

/** Six decimals, as Sentry wants them. */
const SCALE = 1e6;

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
  return truncate(drawNumber() / 2 ** 32);
}

/**
 * A number that agrees with a decision already taken: below the rate when sampled, at or above it when not.
 * @see https://develop.sentry.dev/sdk/foundations/trace-propagation/#propagated-random-value
 */
export function deriveConsistentSampleRand(traceId: string, rate: number, sampled: boolean): number {
  const random = deriveSampleRand(traceId);
  return truncate(sampled ? random * rate : rate + random * (1 - rate));
}

/**
 * Sentry's wire form of a number made here: six decimals at most, none of them a zero at the end. Sentry's SDK reads the
 * number and writes it anew, and the context is to reach everybody as its head wrote it.
 */
export function formatSampleRand(sampleRand: number): string {
  const millionths = Math.round(sampleRand * SCALE);
  // To write a double takes several times as long as to write an integer.
  if (millionths < 1 || millionths >= SCALE || millionths / SCALE !== sampleRand) return String(sampleRand);
  let decimals = millionths + SCALE;
  while (decimals % 10 === 0) decimals /= 10;
  return `0.${String(decimals).slice(1)}`;
}

function truncate(value: number): number {
  return Math.min(Math.floor(value * SCALE), SCALE - 1) / SCALE;
}
