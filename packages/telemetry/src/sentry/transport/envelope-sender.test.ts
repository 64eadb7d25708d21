import { expect, test } from "vitest";
import type { PostFailure, PostResponse } from "../../http/exchange.ts";
import { EnvelopeSender } from "./envelope-sender.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

test("an envelope for which no connection can be made fails later, and nothing is thrown", async () => {
  const url = new URL("http://127.0.0.1:1");
  const sender = new EnvelopeSender(url, {}, { ...DEFAULT_LIMITS, maxConnections: 0 });
  const state = { settle: undefined, isCompressed: false, failures: 0, wasStale: false };
  const job = { items: [], since: 0, body: new Uint8Array(), ...state };
  const results: (PostResponse | PostFailure)[] = [];
  sender.send(job, (result) => results.push(result));
  expect(results).toEqual([]);
  await Promise.resolve();
  expect(results).toEqual([
    expect.objectContaining({ error: expect.any(Error), mayHaveArrived: false, cause: "failed" }),
  ]);
});
