import { expect, test } from "vitest";
import { describeElement } from "./describe-element.ts";

const create = (localName: string, attributes: Record<string, string> = {}) => ({
  localName,
  getAttribute: (name: string) => attributes[name] ?? null,
});

test.each([
  ["button", { id: "buy", name: "b" }, "button#buy"],
  ["input", { name: "q", type: "checkbox", value: "typed" }, 'input[name="q"]'],
  ["button", { name: 'say "hi"' }, "button[name=\"say 'hi'\"]"],
  ["button", { "aria-label": "Message Alice Smith", type: "button" }, 'button[type="button"]'],
  ["button", { type: "submit" }, 'button[type="submit"]'],
  ["a", { href: "/secret", title: "Alice" }, "a"],
  ["div", { id: "row-4711" }, "div"],
  ["button", { id: ":r1:", name: "send" }, 'button[name="send"]'],
  ["button", { id: "x".repeat(100) }, "button"],
  ["button", { id: " " }, "button"],
])("%s with %j is %s", (localName, attributes, name) => {
  expect(describeElement(create(localName, attributes))).toBe(name);
});
