/** A straight line through measurements, by least squares. */
export interface Slope {
  perUnit: number;
  /** Half of the width of the 95% confidence interval. */
  error: number;
}

/** Of the normal distribution: with 30 points and more, Student's is hardly wider. */
const quantile = 1.96;

export function fitSlope(points: readonly (readonly [x: number, y: number])[]): Slope {
  const count = points.length;
  const meanX = sum(points.map(([x]) => x)) / count;
  const meanY = sum(points.map(([, y]) => y)) / count;
  const spreadX = sum(points.map(([x]) => (x - meanX) ** 2));
  const perUnit = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spreadX;
  const rest = sum(points.map(([x, y]) => (y - meanY - perUnit * (x - meanX)) ** 2));
  return { perUnit, error: quantile * Math.sqrt(rest / (count - 2) / spreadX) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
