import type { Spread } from "./statistics.ts";

export interface BarChart {
  title: string;
  /** Titles of the axes, the horizontal one with its unit. */
  valueTitle: string;
  categoryTitle: string;
  bars: readonly Bar[];
}

export interface Bar {
  label: string;
  spread: Spread;
  /** Ours stand out from the others. */
  highlighted: boolean;
}

const width = 760;
const left = 150;
const right = 70;
const top = 54;
const rowHeight = 30;
const barHeight = 18;

/** Lying bars from zero to the median, with a line from the least to the most. Readable on light and dark pages. */
export function drawBarChart({ title, valueTitle, categoryTitle, bars }: BarChart): string {
  const bottom = top + bars.length * rowHeight;
  const height = bottom + 58;
  const step = chooseStep(Math.max(...bars.map(({ spread }) => spread.max)));
  const steps = Math.ceil(Math.max(...bars.map(({ spread }) => spread.max)) / step);
  const place = (value: number): number => left + (value / (step * steps)) * (width - left - right);
  const ticks = Array.from({ length: steps + 1 }, (_, index) => index * step);
  const middle = (top + bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">`,
    style,
    `<rect class="page" width="${width}" height="${height}" rx="6"/>`,
    `<text class="title" x="${left}" y="28">${escape(title)}</text>`,
    ...ticks.map((value) => drawTick(place(value), value, bottom)),
    ...bars.map((bar, index) => drawBar(bar, top + index * rowHeight, place)),
    `<text class="axis" x="${(left + width - right) / 2}" y="${bottom + 44}" text-anchor="middle">${escape(valueTitle)}</text>`,
    `<text class="axis" x="18" y="${middle}" text-anchor="middle" transform="rotate(-90 18 ${middle})">${escape(categoryTitle)}</text>`,
    "</svg>",
    "",
  ].join("\n");
}

/** The colours follow the reader's system, and so does the page drawn below them: they always fit each other. */
const style = `<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .axis, .tick { fill: #59636e; }
  .page { fill: #ffffff; }
  .grid { stroke: #d1d9e0; }
  .range { stroke: #1f2328; stroke-width: 1.5; }
  .bar { fill: #afb8c1; }
  .own { fill: #4493f8; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .axis, .tick { fill: #9198a1; }
    .page { fill: #0d1117; }
    .grid { stroke: #3d444d; }
    .range { stroke: #f0f6fc; }
    .bar { fill: #656c76; }
    .own { fill: #1f6feb; }
  }
</style>`;

function drawTick(x: number, value: number, bottom: number): string {
  const at = round(x);
  return `<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/><text class="tick" x="${at}" y="${bottom + 18}" text-anchor="middle">${value}</text>`;
}

function drawBar({ label, spread, highlighted }: Bar, y: number, place: (value: number) => number): string {
  const centre = y + rowHeight / 2;
  const { median, min, max } = spread;
  const length = round(place(median) - left);
  return [
    `<text x="${left - 8}" y="${centre + 4}" text-anchor="end">${escape(label)}</text>`,
    `<rect class="${highlighted ? "own" : "bar"}" x="${left}" y="${centre - barHeight / 2}" width="${length}" height="${barHeight}"><title>${escape(label)}: ${tell(median)} (${tell(min)}–${tell(max)})</title></rect>`,
    `<line class="range" x1="${round(place(min))}" x2="${round(place(max))}" y1="${centre}" y2="${centre}"/>`,
    `<text x="${round(place(max) + 6)}" y="${centre + 4}">${tell(median)}</text>`,
  ].join("");
}

/** 1, 2 or 5 times a power of ten, so that there are 4 to 10 steps. */
function chooseStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  return [5, 2, 1].map((factor) => factor * power).find((step) => most / step >= 4) ?? power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function tell(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
