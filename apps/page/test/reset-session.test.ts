import { describe, expect, it } from "vitest";
import type { ResetClient } from "../src/users/reset-client.ts";
import { ResetSession } from "../src/users/reset-session.ts";
import type { Answer } from "../src/web-api/call.ts";
import type { Problem } from "../src/web-api/problem.ts";

const problem: Problem = { kind: "server", title: "It broke", message: "Try again" };
const gone: Problem = { kind: "unusable-link", title: "Gone", message: "Request a new one" };

/** A client whose calls wait until they are answered, oldest first. */
function playClient() {
  const calls: string[] = [];
  const waiting: ((answer: Answer<string>) => void)[] = [];
  const call = (name: string): Promise<Answer<string>> => {
    calls.push(name);
    return new Promise((resolve) => waiting.push(resolve));
  };
  const client: ResetClient = {
    requestReset: (email) => call(`request ${email}`),
    setPassword: (token, password) => call(`set ${token} ${password}`),
  };
  return { client, calls, answer: (answer: Answer<string>) => waiting.shift()?.(answer) };
}

describe("a reset that is requested", () => {
  it("is busy until the service has answered, and then has its words", async () => {
    const { client, answer } = playClient();
    const session = new ResetSession(client);
    const seen: unknown[] = [];
    session.subscribe(() => seen.push(session.getState()));
    const done = session.requestReset("alice@example.com");
    answer({ ok: true, value: "Sent" });
    await done;
    expect(seen).toEqual([
      { step: "request", busy: true },
      { step: "request", busy: false, said: "Sent" },
    ]);
  });

  it("sends nothing twice when it is pressed twice", async () => {
    const { client, calls, answer } = playClient();
    const session = new ResetSession(client);
    const done = session.requestReset("a@b");
    await session.requestReset("a@b");
    answer({ ok: true, value: "Sent" });
    await done;
    expect(calls).toEqual(["request a@b"]);
  });

  it("forgets a problem with the next try", async () => {
    const { client, answer } = playClient();
    const session = new ResetSession(client);
    const first = session.requestReset("a@b");
    answer({ ok: false, problem });
    await first;
    expect(session.getState()).toEqual({ step: "request", busy: false, problem });
    void session.requestReset("a@b");
    expect(session.getState()).toEqual({ step: "request", busy: true });
  });
});

describe("a link that was followed", () => {
  it("asks for a password, and sends it with the token", async () => {
    const { client, calls, answer } = playClient();
    const session = new ResetSession(client, "token-1");
    expect(session.getState()).toEqual({ step: "choose", busy: false });
    const done = session.setPassword("secret words");
    answer({ ok: true, value: "Changed" });
    await done;
    expect(calls).toEqual(["set token-1 secret words"]);
    expect(session.getState()).toEqual({ step: "choose", busy: false, said: "Changed" });
  });

  it("wins over an answer that still comes for what was begun before", async () => {
    const { client, answer } = playClient();
    const session = new ResetSession(client);
    const done = session.requestReset("a@b");
    session.followLink("token-2");
    answer({ ok: true, value: "Sent" });
    await done;
    expect(session.getState()).toEqual({ step: "choose", busy: false });
  });

  it("that is of no use leads back to the request, and is forgotten", async () => {
    const { client, calls, answer } = playClient();
    const session = new ResetSession(client, "token-1");
    const done = session.setPassword("secret words");
    answer({ ok: false, problem: gone });
    await done;
    session.startOver();
    expect(session.getState()).toEqual({ step: "request", busy: false });
    await session.setPassword("secret words");
    expect(calls).toHaveLength(1);
  });
});

describe("leaving the page", () => {
  it("keeps a link that was not used", () => {
    const session = new ResetSession(playClient().client, "token-1");
    session.leave();
    expect(session.getState()).toEqual({ step: "choose", busy: false });
  });

  it.each([
    [{ ok: false, problem } as const, "choose"],
    [{ ok: false, problem: gone } as const, "request"],
    [{ ok: true, value: "Changed" } as const, "request"],
  ])("after the answer %j goes to the step %s", async (given, step) => {
    const { client, answer } = playClient();
    const session = new ResetSession(client, "token-1");
    const done = session.setPassword("secret words");
    answer(given);
    await done;
    session.leave();
    expect(session.getState()).toEqual({ step, busy: false });
  });
});
