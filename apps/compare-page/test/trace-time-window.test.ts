import { describe, expect, it } from "vitest";
import {
  createTicks,
  createWholeWindow,
  createZoom,
  moveBy,
  placeBar,
  readZoom,
  zoomBy,
} from "../src/trace/time-window.ts";

const whole = createWholeWindow(1000);

describe("the time window", () => {
  it("comes back from the address as it was written there", () => {
    const window = { from: 12.5, to: 80.25 };
    expect(readZoom(createZoom(window, whole), whole)).toEqual(window);
    expect(createZoom(whole, whole)).toBe("");
  });

  it.each(["", "x", "5", "-5-10", "1-2-3", "0-1000", "0-99999"])("takes %j for all of the trace", (text) => {
    expect(readZoom(text, whole)).toBeUndefined();
  });

  it("stays within the trace however far it is moved, and keeps its length", () => {
    expect(moveBy({ from: 700, to: 900 }, 5, whole)).toEqual({ from: 800, to: 1000 });
    expect(moveBy({ from: 100, to: 300 }, -5, whole)).toEqual({ from: 0, to: 200 });
  });

  it("zooms around a point that stays where it is, and out to the whole", () => {
    expect(zoomBy(whole, 2, whole, 250)).toEqual({ from: 125, to: 625 });
    expect(zoomBy({ from: 125, to: 625 }, 0.25, whole)).toEqual(whole);
  });

  it("never becomes shorter than can be drawn, also for a trace without length", () => {
    let window = whole;
    for (let times = 0; times < 100; times += 1) window = zoomBy(window, 2, whole);
    expect(window.to - window.from).toBeCloseTo(0.005, 6);
    const none = createWholeWindow(0);
    expect(placeBar(0, 0, none)).toEqual({ left: 0, width: 0 });
  });
});

describe("a bar", () => {
  it("stands where its time is in the window, and is cut a little outside of it", () => {
    expect(placeBar(250, 500, whole)).toEqual({ left: 25, width: 50 });
    const cut = placeBar(0, 1000, { from: 400, to: 600 });
    expect(cut.left).toBe(-1);
    expect(cut.left + cut.width).toBe(101);
  });

  it("says on which side of the window it lies when none of it is in it", () => {
    expect(placeBar(0, 100, { from: 400, to: 600 }).outside).toBe("before");
    expect(placeBar(700, 100, { from: 400, to: 600 }).outside).toBe("after");
  });

  it("that claims to end before it starts has no width", () => {
    expect(placeBar(500, -100, whole)).toEqual({ left: 50, width: 0 });
  });
});

describe("ticks", () => {
  it.each([
    [{ from: 0, to: 895 }, 5, ["0", "200 ms", "400 ms", "600 ms", "800 ms"]],
    [{ from: 0, to: 30_000 }, 3, ["0", "10 s", "20 s", "30 s"]],
    [{ from: 1234, to: 1235 }, 2, ["1234.0 ms", "1234.5 ms", "1235.0 ms"]],
    [{ from: 0, to: 0.05 }, 2, ["0", "50 µs"]],
  ])("of %j are round and exact to their step", (window, about, texts) => {
    expect(createTicks(window, about).map((tick) => tick.text)).toEqual(texts);
  });
});
