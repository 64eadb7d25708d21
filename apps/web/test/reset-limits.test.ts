import { afterEach, describe, expect, test } from "vitest";
import { startResetWeb, type ResetWeb } from "./support/reset-web.ts";

const path = "/users/reset-password";
const hourMillis = 60 * 60_000;
let web: ResetWeb;
afterEach(() => web.close());

const ask = async (email: string, headers: Readonly<Record<string, string>> = {}): Promise<number> => {
  const answer = await web.post(path, { email }, headers);
  await answer.body?.cancel();
  return answer.status;
};
async function askTimes(count: number, email: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let asked = 0; asked < count; asked += 1) statuses.push(await ask(email));
  return statuses;
}

test("an address has its requests of the hour, whether or not somebody has it, and others have theirs", async () => {
  web = await startResetWeb({
    sampleUsers: ["alice@example.com"],
    limits: { perAddress: 2, perClient: 1000 },
  });
  expect(await askTimes(3, "alice@example.com")).toEqual([200, 200, 429]);
  expect(await askTimes(3, "nobody@example.com")).toEqual([200, 200, 429]);
  expect(await ask(" Alice@EXAMPLE.com ")).toBe(429);
  web.clock.now += hourMillis - 30_500;
  const answer = await web.post(path, { email: "alice@example.com" });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "31"]);
  expect(await answer.json()).toEqual({
    error: { code: "too_many_requests", message: "there were too many requests; try again later" },
  });
  expect(await web.queues.count("mail")).toBe(2);
  web.clock.now += 30_500;
  expect(await askTimes(3, "alice@example.com")).toEqual([200, 200, 429]);
});

describe("a client", () => {
  test("has its requests of the hour, good and bad, for each of both routes", async () => {
    web = await startResetWeb({ sampleUsers: [], limits: { perAddress: 1000, perClient: 3 } });
    const statuses = [
      await ask("a@example.com"),
      await ask("no address"),
      await ask("b@example.com"),
      await ask("c@example.com"),
    ];
    expect(statuses).toEqual([200, 400, 200, 429]);
    const complete = async (): Promise<number> =>
      (await web.post(`${path}/complete`, { token: "abc", password: "correct horse" })).status;
    expect([await complete(), await complete(), await complete(), await complete()]).toEqual([
      410, 410, 410, 429,
    ]);
    const answer = await web.post(path, { email: "a@example.com" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3600"]);
    web.clock.now += hourMillis;
    expect(await ask("a@example.com")).toBe(200);
  });

  test("that is connected directly cannot choose its address", async () => {
    web = await startResetWeb({ sampleUsers: [], limits: { perAddress: 1000, perClient: 1 } });
    expect(await ask("a@example.com", { "x-forwarded-for": "203.0.113.1" })).toBe(200);
    expect(
      await ask("a@example.com", { "x-forwarded-for": "203.0.113.2", forwarded: "for=203.0.113.2" }),
    ).toBe(429);
  });

  test("behind one proxy is the one the proxy saw, whatever it claims itself; of IPv6 it is a network", async () => {
    web = await startResetWeb({ sampleUsers: [], limits: { perAddress: 1000, perClient: 1 }, trustProxy: 1 });
    const from = (forwarded: string): Promise<number> =>
      ask("a@example.com", { "x-forwarded-for": forwarded });
    expect(await from("203.0.113.1")).toBe(200);
    expect(await from("203.0.113.2")).toBe(200);
    expect(await from("198.51.100.7, 203.0.113.2")).toBe(429);
    expect(await from("2001:db8:0:1::1")).toBe(200);
    expect(await from("2001:db8:0:1:ffff::2")).toBe(429);
    expect(await from("2001:db8:1:1::1")).toBe(200);
    expect(await from("no address at all")).toBe(200);
    expect(await from("nor is this")).toBe(429);
  });
});
