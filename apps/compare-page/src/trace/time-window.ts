import { formatDuration } from "./duration-text.ts";

/** The part of the trace's time that is shown, milliseconds from its first start. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** Nothing of ours is shorter: times come in microseconds at best. */
const leastMillis = 0.005;

/** All of the trace. Never empty, so that positions can be computed for a trace without length. */
export function createWholeWindow(durationMillis: number): TimeWindow {
  return { from: 0, to: Math.max(durationMillis, leastMillis) };
}

/** Reads `12.5-80`; undefined for all of the trace or what makes no sense. */
export function readZoom(text: string, whole: TimeWindow): TimeWindow | undefined {
  const parts = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text);
  if (!parts) return undefined;
  const window = keepWithin({ from: Number(parts[1]), to: Number(parts[2]) }, whole);
  return isWhole(window, whole) ? undefined : window;
}

/** The opposite of `readZoom`: empty for all of the trace. */
export function createZoom(window: TimeWindow, whole: TimeWindow): string {
  if (isWhole(window, whole)) return "";
  return `${Number(window.from.toFixed(4))}-${Number(window.to.toFixed(4))}`;
}

function isWhole(window: TimeWindow, whole: TimeWindow): boolean {
  return window.from <= whole.from && window.to >= whole.to;
}

/** Zooms by a factor (2 shows half as much) around a point, in the middle unless told. */
export function zoomBy(
  window: TimeWindow,
  factor: number,
  whole: TimeWindow,
  around = (window.from + window.to) / 2,
): TimeWindow {
  const from = around - (around - window.from) / factor;
  return keepWithin({ from, to: from + (window.to - window.from) / factor }, whole);
}

/** Moves by a share of what is shown: 0.25 is a quarter later. */
export function moveBy(window: TimeWindow, share: number, whole: TimeWindow): TimeWindow {
  const by = (window.to - window.from) * share;
  return keepWithin({ from: window.from + by, to: window.to + by }, whole);
}

/** What lies between two points, in either order, and at least the least. */
function keepWithin({ from, to }: TimeWindow, whole: TimeWindow): TimeWindow {
  const [first, last] = from <= to ? [from, to] : [to, from];
  const length = Math.min(Math.max(last - first, leastMillis), whole.to - whole.from);
  const start = Math.min(Math.max(first, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

/** Where a point of time is in the window, in percent of its width; outside it may be below 0 or above 100. */
export function readPercent(atMillis: number, { from, to }: TimeWindow): number {
  return ((atMillis - from) / (to - from)) * 100;
}

/** Where a bar stands, in percent. `outside` says on which side of the window it lies when none of it is in it. */
export interface BarPlace {
  left: number;
  width: number;
  outside?: "before" | "after";
}

export function placeBar(startMillis: number, durationMillis: number, window: TimeWindow): BarPlace {
  const left = readPercent(startMillis, window);
  const right = readPercent(startMillis + Math.max(durationMillis, 0), window);
  if (right < 0) return { left: 0, width: 0, outside: "before" };
  if (left > 100) return { left: 100, width: 0, outside: "after" };
  // A little beyond the edges, so that a cut bar shows no end there.
  const from = Math.max(left, -1);
  return { left: from, width: Math.min(right, 101) - from };
}

export interface Tick {
  atMillis: number;
  percent: number;
  text: string;
}

/** Round points of time within the window, about as many as asked for. */
export function createTicks(window: TimeWindow, about: number): Tick[] {
  const step = roundUp((window.to - window.from) / Math.max(about, 1));
  const ticks: Tick[] = [];
  for (let count = Math.ceil(window.from / step); count * step <= window.to; count += 1) {
    const atMillis = count * step;
    ticks.push({ atMillis, percent: readPercent(atMillis, window), text: formatTick(atMillis, step) });
  }
  return ticks;
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function roundUp(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * ([1, 2, 5].find((step) => step * power >= size * 0.999_999) ?? 10);
}

/** Exact to the step: between 1.23 s and 1.24 s there may be ten ticks. */
function formatTick(atMillis: number, step: number): string {
  if (atMillis === 0) return "0";
  const [size, unit] = step >= 500 ? [1000, "s"] : step >= 0.1 ? [1, "ms"] : [0.001, "µs"];
  if (step >= 60_000) return formatDuration(atMillis);
  const digits = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  return `${(atMillis / size).toFixed(digits)} ${unit}`;
}
