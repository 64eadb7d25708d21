import { createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { PageContextManager } from "./page-context-manager.ts";

const KEY = createContextKey("name");
const create = (name: string) => ROOT_CONTEXT.setValue(KEY, name);
const readName = (contexts: PageContextManager) => contexts.active().getValue(KEY);

test("under the stack lies the event, and under that the page", () => {
  const contexts = new PageContextManager();
  expect(contexts.active()).toBe(ROOT_CONTEXT);
  contexts.pageContext = create("page");
  expect(readName(contexts)).toBe("page");
  contexts.eventContext = create("event");
  expect(readName(contexts)).toBe("event");
  contexts.with(create("outer"), () => {
    expect(readName(contexts)).toBe("outer");
    contexts.with(create("inner"), () => expect(readName(contexts)).toBe("inner"));
    expect(readName(contexts)).toBe("outer");
  });
  expect(readName(contexts)).toBe("event");
  contexts.eventContext = undefined;
  expect(readName(contexts)).toBe("page");
});

test("what throws leaves the stack as it was, and arguments and `this` arrive", () => {
  const contexts = new PageContextManager();
  contexts.pageContext = create("page");
  const fail = (): never => {
    throw new Error("no");
  };
  expect(() => contexts.with(create("inner"), fail)).toThrow("no");
  expect(readName(contexts)).toBe("page");
  function sum(this: { start: number }, a: number, b: number): number {
    return this.start + a + b;
  }
  expect(contexts.with(create("inner"), sum, { start: 1 }, 2, 3)).toBe(6);
});

test("behind an await it is the page again", async () => {
  const contexts = new PageContextManager();
  contexts.pageContext = create("page");
  await contexts.with(create("inner"), async () => {
    expect(readName(contexts)).toBe("inner");
    await Promise.resolve();
    expect(readName(contexts)).toBe("page");
  });
});

test("a bound function runs in its context whenever it is called", () => {
  const contexts = new PageContextManager();
  const bound = contexts.bind(create("bound"), (suffix: string) => `${String(readName(contexts))}${suffix}`);
  expect(bound("!")).toBe("bound!");
  const target = {};
  expect(contexts.bind(create("bound"), target)).toBe(target);
});
