/** Median and range of one figure over the rounds of a run. */
export interface Spread {
  median: number;
  /** The middle half of the rounds lies between these. */
  lower: number;
  upper: number;
  min: number;
  max: number;
}

/** Throws for no values at all. */
export function describeSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => quantile(sorted, share);
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), min: at(0), max: at(1) };
}

export function median(values: readonly number[]): number {
  return describeSpread(values).median;
}

/** Of sorted values; between two of them where the share lies between. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new Error("no values to describe");
  return below + (above - below) * (position - Math.floor(position));
}
