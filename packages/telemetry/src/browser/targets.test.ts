import { expect, test } from "vitest";
import { readPageTargets } from "./targets.ts";

const ORIGIN = "https://shop.example";

test("without a list it is the page's own origin, to its end", () => {
  expect(readPageTargets(undefined, undefined, ORIGIN)).toEqual(["https://shop.example/"]);
});

test("the application's list wins, and an empty one is a list", () => {
  expect(readPageTargets([], ["api"], ORIGIN)).toEqual([]);
  expect(readPageTargets(["api", /x/], ["other"], ORIGIN)).toEqual(["api", /x/]);
});

test("a path is one of the page's own origin", () => {
  expect(readPageTargets(["/api"], undefined, ORIGIN)).toEqual(["https://shop.example/api"]);
  expect(readPageTargets(undefined, ["/api"], ORIGIN)).toEqual(["https://shop.example/api"]);
});

test("the server's list has regular expressions in slashes, and what is none names nobody", () => {
  expect(readPageTargets(undefined, ["/^https:\\/\\/api\\./", "/(/"], ORIGIN)).toEqual([/^https:\/\/api\./]);
});
