import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPath, matchesText } from "../../src/sampling/wildcard.ts";

test.each([
  ["/checkout", "/checkout"],
  ["/checkout", "/checkout/"],
  ["/checkout/", "/checkout"],
  ["/", "/"],
  ["/checkout/*", "/checkout/7"],
  ["/*/checkout", "/shop/checkout"],
  ["/order/*.json", "/order/7.json"],
  ["/checkout/**", "/checkout"],
  ["/checkout/**", "/checkout/a/b"],
  ["/**", "/"],
  ["/**", "/a/b"],
  ["/**/item", "/item"],
  ["/**/item", "/a/b/item"],
  ["/a/**/b/**/c", "/a/x/b/y/b/z/c"],
])("%s matches %s", (pattern, path) => {
  expect(matchesPath(pattern, path)).toBe(true);
});

test.each([
  ["/checkout", "/checkout/7"],
  ["/checkout", "/Checkout"],
  ["/checkout/*", "/checkout"],
  ["/checkout/*", "/checkout/a/b"],
  ["/checkout/**", "/checkouts"],
  ["/**/item", "/a/items"],
  ["/order/*.json", "/order/a/7.json"],
  ["/a/**/b", "/a/b/c"],
  ["/a.b", "/a-b"],
])("%s does not match %s", (pattern, path) => {
  expect(matchesPath(pattern, path)).toBe(false);
});

test("in texts a star stands for any characters", () => {
  expect(matchesText("jobs.*", "jobs.a.b")).toBe(true);
  expect(matchesText("*.dead", "jobs.dead")).toBe(true);
  expect(matchesText("a*b*c", "abbc")).toBe(true);
  expect(matchesText("*", "")).toBe(true);
  expect(matchesText("a*b", "ab ")).toBe(false);
  expect(matchesText("jobs", "jobs2")).toBe(false);
});

test("texts match as the regular expression says that means the same", () => {
  const part = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  const found = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
  fc.assert(
    fc.property(part, found, (pattern, text) => {
      const same = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
      expect(matchesText(pattern, text)).toBe(same.test(text));
    }),
  );
});

test("paths match as the regular expression says that means the same", () => {
  const pattern = fc.array(fc.constantFrom("a", "b", "*", "**", "a*"), { minLength: 1, maxLength: 6 });
  const path = fc.array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 8 });
  const meanings: Record<string, string> = { "*": "/[^/]*", "**": "(?:/[^/]+)*", "a*": "/a[^/]*" };
  fc.assert(
    fc.property(pattern, path, (wanted, found) => {
      const same = new RegExp(`^${wanted.map((part) => meanings[part] ?? `/${part}`).join("")}$`);
      const text = `/${found.join("/")}`;
      expect(matchesPath(`/${wanted.join("/")}`, text)).toBe(same.test(text));
    }),
  );
});
