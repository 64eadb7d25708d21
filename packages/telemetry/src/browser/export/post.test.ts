import { expect, test } from "vitest";
import { createPost } from "./post.ts";

function createFetch() {
  const sent: { init: RequestInit; answer: () => void }[] = [];
  const fetch: typeof globalThis.fetch = (_input, init = {}) =>
    new Promise((resolve) => {
      sent.push({ init, answer: () => resolve(new Response("", { status: 200 })) });
    });
  return { sent, fetch };
}

const create = (bytes: number, isLast = true) => ({
  path: "/t",
  contentType: "application/json",
  body: new Uint8Array(bytes),
  timeoutMillis: 1_000,
  isLast,
});

test("no more than 60 KB outlive the page, all requests together, and room comes back with the answers", async () => {
  const { sent, fetch } = createFetch();
  const post = createPost(fetch, "https://shop.example");
  const first = post(create(40_000));
  void post(create(30_000));
  void post(create(20_000));
  expect(sent.map(({ init }) => init.keepalive)).toEqual([true, false, true]);
  sent[0]?.answer();
  await first;
  void post(create(40_000));
  expect(sent.at(-1)?.init.keepalive).toBe(true);
});

test("what is sent before the end leaves room for the end", () => {
  const { sent, fetch } = createFetch();
  const post = createPost(fetch, "https://shop.example");
  for (const bytes of [20_000, 20_000]) void post(create(bytes, false));
  void post(create(40_000));
  expect(sent.map(({ init }) => init.keepalive)).toEqual([true, false, true]);
});

test("a text counts by its bytes, an answer is told by its status, its text and its limits", async () => {
  const fetch: typeof globalThis.fetch = async () =>
    new Response("späť", {
      status: 429,
      headers: { "retry-after": "7", "x-sentry-rate-limits": "60:error" },
    });
  await expect(
    createPost(fetch, "https://shop.example")({ ...create(0), body: "ü".repeat(40_000) }),
  ).resolves.toEqual({
    statusCode: 429,
    text: "späť",
    headers: { "retry-after": "7", "x-sentry-rate-limits": "60:error" },
  });
});

test("an answer that begins and breaks off is one, and its room is taken until then", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const keepalive: unknown[] = [];
  const post = createPost(async (_input, init = {}) => {
    keepalive.push(init.keepalive);
    return new Response(keepalive.length === 1 ? readable : "", { status: 200 });
  }, "https://shop.example");
  const first = post(create(40_000));
  await post(create(30_000));
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode("be"));
  await writer.abort(new Error("the connection is gone"));
  await expect(first).resolves.toMatchObject({ statusCode: 200, text: "" });
  await post(create(30_000));
  expect(keepalive).toEqual([true, false, true]);
});
