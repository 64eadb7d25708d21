import { scryptSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createResetToken, mailMessageSchema } from "@tracebridge/service";
import { waitUntil } from "../../../packages/service/test/support/wait.ts";
import { secret, startResetWeb, type ResetWeb } from "./support/reset-web.ts";

const path = "/users/reset-password/complete";
const hourMillis = 60 * 60_000;
const email = "alice@example.com";
let web: ResetWeb;

beforeAll(async () => {
  web = await startResetWeb({ sampleUsers: [email, "bob@example.com"] });
});
afterAll(() => web.close());
beforeEach(async () => {
  // Later than everything before, as it is for people.
  web.clock.now += 1000;
  await web.users.updateMany({}, { $unset: { passwordHash: "", passwordSetAt: "" } });
});

const complete = (token: unknown, password: unknown = "correct horse"): Promise<Response> =>
  web.post(path, { token, password });
const statusOf = async (token: string, password?: string): Promise<number> => {
  const answer = await complete(token, password);
  await answer.body?.cancel();
  return answer.status;
};
/** What the link of the next mail has behind `#token=`. */
async function askForToken(address = email): Promise<string> {
  await web.post("/users/reset-password", { email: address });
  const { content } = await web.queues.take("mail");
  return createResetToken(secret, mailMessageSchema.parse(JSON.parse(content.toString())).id);
}
const readUser = () => web.users.findOne({ email });
/** Whether this password is the one that is stored, by the parameters that are stored with it. */
async function hasPassword(password: string): Promise<boolean> {
  const [name, n, r, p, salt = "", hash] = ((await readUser())?.passwordHash ?? "").split("$");
  const [N, blocks, lanes] = [n, r, p].map(Number);
  const derived = scryptSync(password, Buffer.from(salt, "base64url"), 32, { N, r: blocks, p: lanes });
  return name === "scrypt" && derived.toString("base64url") === hash;
}

test("the token of the mail sets the password, which is stored only as a hash", async () => {
  const token = await askForToken();
  const answer = await complete(token, "correct horse");
  expect([answer.status, await answer.json()]).toEqual([200, { message: "Password changed" }]);
  expect(await hasPassword("correct horse")).toBe(true);
  expect(await hasPassword("correct horsf")).toBe(false);
  const everything = JSON.stringify([
    await web.users.find().toArray(),
    await web.resets.find().toArray(),
    web.log.lines,
  ]);
  expect(everything).not.toContain("correct horse");
  expect(everything).not.toContain(token);
  expect((await web.users.findOne({ email: "bob@example.com" }))?.passwordHash).toBeUndefined();
});

test("the same password typed in another way is the same", async () => {
  await complete(await askForToken(), "cafe\u0301 cre\u0300me");
  expect(await hasPassword("caf\u00E9 cr\u00E8me")).toBe(true);
});

describe("a token works no more", () => {
  test("after it was used; the answers to a used, an expired, an unknown token and one of nobody are the same", async () => {
    const used = await askForToken();
    expect(await statusOf(used, "first password")).toBe(200);
    web.clock.now += 1;
    const expired = await askForToken();
    web.clock.now += hourMillis;
    await web.post("/users/reset-password", { email: "nobody@example.com" });
    const ofNobody = await web.resets.findOne({ userId: { $exists: false } });
    const tokens = [used, expired, "A".repeat(43), createResetToken(secret, ofNobody?.id ?? "")];
    const answers = await Promise.all(tokens.map((token) => complete(token, "second password")));
    for (const answer of answers) {
      expect([answer.status, await answer.json()]).toEqual([
        410,
        { error: { code: "gone", message: "the link was used or has expired; ask for a new one" } },
      ]);
    }
    expect(await hasPassword("first password")).toBe(true);
  });

  test("from the moment it expires, and not before", async () => {
    const token = await askForToken();
    web.clock.now += hourMillis;
    expect(await statusOf(token)).toBe(410);
    web.clock.now -= 1;
    expect(await statusOf(token)).toBe(200);
  });

  test("when the password was set by another one, whichever was asked for first", async () => {
    const tokens = [await askForToken(), await askForToken(), await askForToken()];
    expect(await statusOf(tokens[1] ?? "", "by the second")).toBe(200);
    expect(await Promise.all([statusOf(tokens[0] ?? ""), statusOf(tokens[2] ?? "")])).toEqual([410, 410]);
    expect(await hasPassword("by the second")).toBe(true);
    web.clock.now += 1;
    expect(await statusOf(await askForToken(), "by a new one")).toBe(200);
    expect(await hasPassword("by a new one")).toBe(true);
  });

  test("for a second of ten who use it at once", async () => {
    const token = await askForToken();
    const passwords = Array.from({ length: 10 }, (_, index) => `password ${index}`);
    const statuses = await Promise.all(passwords.map((password) => statusOf(token, password)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(9);
    expect(await hasPassword(passwords[statuses.indexOf(200)] ?? "")).toBe(true);
  });

  test("when the clock of the process that used it was behind", async () => {
    const token = await askForToken();
    web.clock.now -= 60_000;
    expect(await statusOf(token, "first password")).toBe(200);
    await web.resets.updateMany({}, { $unset: { usedAt: "" } });
    expect(await statusOf(token, "second password")).toBe(410);
    web.clock.now += 60_000;
  });
});

test.each([
  ["no token", { password: "correct horse" }, "token"],
  ["an empty token", { token: "", password: "correct horse" }, "token"],
  ["an operator object as token", { token: { $gt: "" }, password: "correct horse" }, "token"],
  ["other characters in the token", { token: "a b", password: "correct horse" }, "token"],
  ["a very long token", { token: "a".repeat(101), password: "correct horse" }, "token"],
  ["no password", { token: "abc" }, "password"],
  ["a password of 7 characters", { token: "abc", password: "1234567" }, "password"],
  ["a password of 129 characters", { token: "abc", password: "p".repeat(129) }, "password"],
  ["a number as password", { token: "abc", password: 12_345_678 }, "password"],
])("%s is answered with 400 that names the field", async (_name, body, field) => {
  const answer = await web.post(path, body);
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: "invalid", field } }]);
});

test.each([
  ["bad JSON", '{"token":', "application/json", 400],
  [
    "a body over 16 KiB",
    JSON.stringify({ token: "abc", password: "p".repeat(16_384) }),
    "application/json",
    413,
  ],
  ["a form", "token=abc", "application/x-www-form-urlencoded", 415],
])("%s is refused", async (_name, body, type, status) => {
  expect((await web.post(path, body, { "content-type": type })).status).toBe(status);
});

test("while the database is away the answer is 503, and the token still works when it is back", async () => {
  const token = await askForToken();
  web.toDatabase.shut();
  const answer = await complete(token);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  web.toDatabase.open();
  await waitUntil(
    "the token to be taken",
    () => statusOf(token, "after the outage"),
    (status) => status !== 503,
  );
  expect(await hasPassword("after the outage")).toBe(true);
});
