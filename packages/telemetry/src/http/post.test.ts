import { expect, test } from "vitest";
import { createAgent, post } from "./post.ts";

test("a refusal that came while the process was busy is told, not the deadline that passed meanwhile", async () => {
  const url = new URL("http://127.0.0.1:1");
  const { signal } = new AbortController();
  const sending = post({
    url,
    headers: {},
    body: new Uint8Array(),
    agent: createAgent(url, 1),
    deadlineMillis: 20,
    signal,
  });
  const busyUntil = performance.now() + 60;
  while (performance.now() < busyUntil);
  await expect(sending).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
