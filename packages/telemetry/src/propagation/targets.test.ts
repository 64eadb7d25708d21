import type { Attributes } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { createTargetTest } from "./index.ts";

type Patterns = Parameters<typeof createTargetTest>[0];

const isNamedBy = (patterns: Patterns, attributes: Attributes): boolean | undefined =>
  createTargetTest(patterns, () => {})?.(attributes);

const isNamed = (patterns: Patterns, url: string, server?: string): boolean | undefined =>
  isNamedBy(patterns, { "url.full": url, ...(server !== undefined && { "server.address": server }) });

test("without a list there is nothing to test", () => {
  expect(createTargetTest(undefined, () => {})).toBeUndefined();
});

test.each([
  ["a text in the host", ["api.test"], "https://api.test/orders"],
  ["a text in the path", ["/orders"], "https://api.test/orders"],
  ["a host and its port", ["api.test:8443/"], "https://api.test:8443/"],
  ["one of several", ["no.test", /\.test\/orders/], "https://api.test/orders"],
  ["a host in another case", ["https://api.test/"], "https://API.test/"],
  ["a regular expression without regard to case", [/^HTTPS:/i], "https://api.test/"],
])("%s names the receiver", (_, patterns, url) => {
  expect(isNamed(patterns, url)).toBe(true);
});

test.each([
  ["its query", "https://evil.test/?to=api.test"],
  ["its fragment", "https://evil.test/#api.test"],
  ["its credentials", "https://api.test:api.test@evil.test/"],
])("a receiver is not named by %s", (_, url) => {
  expect(isNamed(["api.test"], url)).toBe(false);
  expect(isNamed([/api\.test/], url)).toBe(false);
});

test("a text with a scheme names no receiver that repeats it in its path", () => {
  expect(isNamed(["https://api.test/"], "https://api.test/orders")).toBe(true);
  expect(isNamed(["https://api.test/"], "https://evil.test/https://api.test/orders")).toBe(false);
});

test.each(["https://api.test", "https://api.test:84", "http://10.0.0.1"])(
  "the text %s names one host",
  (pattern) => {
    expect(isNamed([pattern], `${pattern}/orders`)).toBe(true);
    for (const evil of [".evil.test/", "-evil.test/", "0/", "@evil.test/", "%2eevil.test/"]) {
      expect(isNamed([pattern], pattern + evil)).toBe(false);
    }
  },
);

test("a text that ends with the host names all its ports, and one that ends with a colon, too", () => {
  expect(isNamed(["http://api.test"], "http://api.test:8443/orders")).toBe(true);
  expect(isNamed(["http://api.test:"], "http://api.test:8443/orders")).toBe(true);
});

test.each([
  ["no text", undefined],
  ["no address", "orders"],
  ["unreadable", "http://api.test:port/"],
])("an address that is %s is named by nothing", (_, url) => {
  expect(isNamedBy([/.*/, "api.test"], url === undefined ? {} : { "url.full": url })).toBe(false);
});

test("a host that is called another name than it is connected to is not named", () => {
  expect(isNamed(["api.test"], "http://api.test/", "evil.test")).toBe(false);
  expect(isNamed(["api.test"], "http://api.test@evil.test/", "api.test")).toBe(false);
  expect(isNamed(["api.test"], "http://api.test/", "API.test")).toBe(true);
  expect(isNamed(["[::1]:80"], "https://[::1]:80/", "::1")).toBe(true);
});

test("the obsolete name of the attribute is read too", () => {
  expect(isNamedBy(["api.test"], { "http.url": "http://api.test/" })).toBe(true);
});

test.each(["g", "y", "gy"])(
  "a regular expression with the flag %s gives the same answer each time",
  (flags) => {
    const pattern = new RegExp("https://api", flags);
    pattern.lastIndex = 5;
    const isTarget = createTargetTest([pattern], () => {});
    const answers = [1, 2, 3].map(() => isTarget?.({ "url.full": "https://api.test/" }));
    expect(answers).toEqual([true, true, true]);
    expect(pattern.lastIndex).toBe(5);
  },
);

test("an address of more than 2,048 characters is named by nothing, so that no pattern takes its time over it", () => {
  const base = "https://api.test/";
  const longest = base + "x".repeat(2_048 - base.length);
  for (const pattern of ["api.test", /^https:/, /x$/]) {
    expect(isNamed([pattern], longest)).toBe(true);
    expect(isNamed([pattern], `${longest}x`)).toBe(false);
  }
  expect(isNamed([/(x+x+)+y/], `${longest}x`)).toBe(false);
});

test.each([[[""]], [[42]], [[null, {}]], [{ length: 1 }], [null]])(
  "%j names nobody, and that is told",
  (patterns) => {
    const told: string[] = [];
    const isTarget = createTargetTest(patterns as unknown as Patterns, (key) => told.push(key));
    expect(isTarget?.({ "url.full": "https://api.test/" })).toBe(false);
    expect(told).toEqual(["propagation-targets"]);
  },
);
