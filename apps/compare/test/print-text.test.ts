import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { readPrintOptions } from "../src/command/paint.ts";
import { cutToWidth, fitToWidth, oneLine, wrapToWidth } from "../src/command/terminal-text.ts";

describe("text for a terminal", () => {
  it.each([
    ["abcdef", 4, "abc…"],
    ["abcd", 4, "abcd"],
    ["订单服务", 5, "订单…"],
    ["订单服务", 4, "订…"],
    ["🚀🚀🚀", 5, "🚀🚀…"],
    ["👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"],
    ["é́é́é́", 2, "é́…"],
  ])("%s in %i columns is %s", (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
    expect(stringWidth(fitToWidth(text, columns))).toBe(columns);
  });

  it("is broken between words, and within those that are longer than a line", () => {
    expect(wrapToWidth("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrapToWidth("a 1234567890 b", 4)).toEqual(["a", "1234", "5678", "90 b"]);
    expect(wrapToWidth("订单服务处理", 5)).toEqual(["订单", "服务", "处理"]);
    expect(wrapToWidth("", 8)).toEqual([""]);
  });

  it("has no character that steers a terminal, whatever it comes from", () => {
    const steering = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("");
    expect(oneLine(`${steering}\u2028\u202e\u{e0001}\ud800`)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\p{Cs}]/u);
  });
});

describe("colours and width", () => {
  const pipe = {};
  const terminal = { columns: 90, hasColors: () => true };

  it.each([
    ["a pipe", pipe, {}, false, 160],
    ["a pipe with FORCE_COLOR", pipe, { FORCE_COLOR: "1" }, true, 160],
    ["a pipe with COLUMNS", pipe, { COLUMNS: "70" }, false, 70],
    ["a pipe with COLUMNS that is no number", pipe, { COLUMNS: "wide" }, false, 160],
    ["a pipe with too few COLUMNS", pipe, { COLUMNS: "3" }, false, 40],
    ["a terminal", terminal, { COLUMNS: "70" }, true, 90],
    ["a terminal with FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, false, 90],
  ])("of %s", (_name, stream, env, colours, width) => {
    expect(readPrintOptions(stream, env)).toEqual({ colours, width });
  });
});
