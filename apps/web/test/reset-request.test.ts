import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createResetToken, hashResetToken, mailMessageSchema } from "@tracebridge/service";
import { waitUntil } from "../../../packages/service/test/support/wait.ts";
import { secret, startResetWeb, type ResetWeb } from "./support/reset-web.ts";

const path = "/users/reset-password";
let web: ResetWeb;

beforeAll(async () => {
  web = await startResetWeb({ sampleUsers: ["alice@example.com", "bob@example.com"] });
});
afterAll(() => web.close());
beforeEach(async () => {
  await web.resets.deleteMany({});
});

const ask = (email: unknown): Promise<Response> => web.post(path, { email });
const takeMail = async () => {
  const { content, properties } = await web.queues.take("mail");
  return { text: content.toString(), properties };
};
/** The next mail is that of a user asked for now: nothing was sent before it. */
async function expectNothingWasSent(): Promise<void> {
  await ask("bob@example.com");
  expect(JSON.parse((await takeMail()).text)).toMatchObject({ to: "bob@example.com" });
  expect(await web.queues.count("mail")).toBe(0);
}

describe("a request for an address that somebody has", () => {
  test("puts one mail into the queue, with what the mailer needs and without the token", async () => {
    const answer = await ask("alice@example.com");
    expect([answer.status, await answer.json()]).toEqual([200, { message: "Password reset email sent" }]);
    const { text, properties } = await takeMail();
    const message = mailMessageSchema.parse(JSON.parse(text));
    expect(JSON.parse(text)).toEqual({
      type: "reset-password",
      id: message.id,
      to: "alice@example.com",
      expiresAt: new Date(web.clock.now + 60 * 60_000).toISOString(),
    });
    expect(properties).toMatchObject({ messageId: `${message.id}.mail`, contentType: "application/json" });
    expect(JSON.stringify(properties) + text).not.toContain(createResetToken(secret, message.id));
    expect(await web.queues.count("mail")).toBe(0);
  });

  test("leaves in the database the hash of the token and nothing that opens the account", async () => {
    await ask("alice@example.com");
    const { id } = mailMessageSchema.parse(JSON.parse((await takeMail()).text));
    const token = createResetToken(secret, id);
    const stored = await waitUntil(
      "the sent mail to leave the outbox",
      () => web.resets.findOne({ id }),
      (reset) => reset?.outbox?.length === 0,
    );
    const user = await web.users.findOne({ email: "alice@example.com" });
    expect(stored).toMatchObject({ userId: user?.id, tokenHash: hashResetToken(token) });
    const everything = [await web.resets.find().toArray(), await web.users.find().toArray()];
    expect(JSON.stringify(everything)).not.toContain(token);
  });

  test.each(["  Alice@Example.COM ", "ALICE@EXAMPLE.COM\n"])(
    "finds it however it is written: %j",
    async (email) => {
      expect((await ask(email)).status).toBe(200);
      expect(JSON.parse((await takeMail()).text)).toMatchObject({ to: "alice@example.com" });
    },
  );

  test("logs the hash of the address, never the address", async () => {
    const before = web.log.lines.length;
    await ask("alice@example.com");
    await takeMail();
    const lines = web.log.lines.slice(before);
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: "Password reset requested",
        emailHash: expect.stringMatching(/^[0-9a-f]{12}$/),
      }),
    );
    expect(JSON.stringify(lines)).not.toContain("alice");
  });
});

describe("a request for an address that nobody has", () => {
  test("gets the same answer, writes the same, and sends nothing", async () => {
    const answers = await Promise.all(["alice@example.com", "nobody@example.com"].map(ask));
    const [known, unknown] = await Promise.all(
      answers.map(async (answer) => {
        const own = ["date", "x-request-id"];
        const headers = [...answer.headers].filter(([name]) => !own.includes(name));
        return { status: answer.status, headers, body: await answer.text() };
      }),
    );
    expect(unknown).toEqual(known);
    await takeMail();
    const documents = await waitUntil(
      "the sent mail to leave the outbox",
      () => web.resets.find({}, { projection: { _id: 0 } }).toArray(),
      (resets) => resets.every((reset) => reset.outboxDueAt === undefined),
    );
    const [ofUser, ofNobody] = documents.toSorted(
      (a, b) => Number(b.userId !== undefined) - Number(a.userId !== undefined),
    );
    const { userId, outbox, ...same } = ofUser ?? {};
    expect({ userId, outbox }).toEqual({ userId: expect.any(String), outbox: [] });
    expect(Object.keys(ofNobody ?? {}).sort()).toEqual(Object.keys(same).sort());
    await expectNothingWasSent();
  });

  test("is answered before a mail would be sent: a broker that does not confirm delays nobody", async () => {
    const before = web.log.lines.length;
    web.toBroker.stall();
    const answers = await Promise.all(["alice@example.com", "nobody@example.com"].map(ask));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    // Nobody waited until the broker was given up.
    expect(web.log.texts().slice(before)).not.toContain(
      "Message could not be sent; it stays in the outbox and will be",
    );
    expect(await web.resets.countDocuments({ "outbox.0": { $exists: true } })).toBe(1);
    web.toBroker.cut();
    expect(JSON.parse((await takeMail()).text)).toMatchObject({ to: "alice@example.com" });
  });
});

test("mails that were asked for while the broker is away go out when it is back, in their order", async () => {
  web.toBroker.shut();
  await waitUntil("the loss to be noticed", () => web.log.texts().includes("Lost the broker"));
  for (const email of ["alice@example.com", "bob@example.com"]) expect((await ask(email)).status).toBe(200);
  expect(await web.resets.countDocuments({ "outbox.0": { $exists: true } })).toBe(2);
  web.toBroker.open();
  const mails = [await takeMail(), await takeMail()].map(
    ({ text }) => mailMessageSchema.parse(JSON.parse(text)).to,
  );
  expect(mails).toEqual(["alice@example.com", "bob@example.com"]);
});

describe("the address", () => {
  test.each([
    "a@b",
    "user.name+tag@sub.example.co.uk",
    "o'brien!#$%&*/=?^_`{|}~-@example.com",
    `${"l".repeat(64)}@example.com`,
    `a@${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(60)}`,
    "a@xn--bcher-kva.example",
    "a@1.example",
  ])("may be %s", async (email) => {
    expect((await ask(email)).status).toBe(200);
  });

  test.each([
    ["empty", ""],
    ["white space", "  "],
    ["without @", "alice.example.com"],
    ["two @", "alice@bob@example.com"],
    ["without a local part", "@example.com"],
    ["without a domain", "alice@"],
    ["a dot first", ".alice@example.com"],
    ["a dot last", "alice.@example.com"],
    ["two dots in a row", "al..ice@example.com"],
    ["a domain that ends in a dot", "alice@example.com."],
    ["a label that begins with a hyphen", "alice@-example.com"],
    ["a local part of 65 characters", `${"l".repeat(65)}@example.com`],
    ["a label of 64 characters", `a@${"d".repeat(64)}.com`],
    ["255 characters", `a@${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(61)}`],
    ["a space inside", "al ice@example.com"],
    ["a header injected", "alice@example.com\r\nBcc: eve@example.com"],
    ["a line feed inside", "alice\n@example.com"],
    ["a NUL", "alice\u0000@example.com"],
    ["an escape", "alice\u001B@example.com"],
    ["a DEL", "alice\u007F@example.com"],
    ["a list", "alice@example.com,eve@example.com"],
    ["a name and an address", "Alice <alice@example.com>"],
    ["a quoted local part", '"alice"@example.com'],
    ["a host in brackets", "alice@[127.0.0.1]"],
    ["a Kelvin sign for a k", "alice@\u212A.example"],
    ["a dotless i", "al\u0131ce@example.com"],
    ["letters that are not ASCII", "älice@example.com"],
    ["a text direction mark", "alice@example.com\u202E"],
    ["half a surrogate pair", "alice\uD800@example.com"],
    ["a number", 7],
    ["null", null],
    ["a list of addresses", ["alice@example.com"]],
    ["an operator object", { $gt: "" }],
  ])("%s is answered with 400, which does not quote it", async (_name, email) => {
    const answer = await ask(email);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error: {
          code: "invalid",
          field: "email",
          message: "email must be an e-mail address such as alice@example.com",
        },
      },
    ]);
  });

  test("that was refused wrote and sent nothing", async () => {
    await ask("alice@example.com\r\nBcc: eve@example.com");
    expect(await web.resets.countDocuments()).toBe(0);
    await expectNothingWasSent();
  });
});

describe("a body", () => {
  test.each([
    ["none", undefined, 400, "invalid"],
    ["bad JSON", '{"email":"alice@example.com', 400, "bad_json"],
    ["a list", "[]", 400, "invalid"],
    ["the address only in the prototype", '{"__proto__":{"email":"alice@example.com"}}', 400, "invalid"],
    ["more than 16 KiB", JSON.stringify({ email: "a@b.c", pad: "x".repeat(16_384) }), 413, "too_large"],
  ])("%s is answered with its status, and does not quote it", async (_name, body, status, code) => {
    const answer = await web.post(path, body ?? "");
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toMatchObject([status, { error: { code } }]);
    expect(text.replace("such as alice@example.com", "").replace(/such as \{.*?\}/, "")).not.toContain(
      "alice",
    );
  });

  test("that is no JSON is answered with 415", async () => {
    const answer = await web.post(path, "email=a@b.c", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      415,
      { error: { code: "unsupported_media_type" } },
    ]);
  });

  test.each(["GET", "PUT", "DELETE"])("is for POST only: %s is 404 in JSON", async (method) => {
    const answer = await fetch(web.url + path, { method });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
  });
});

test("while the database is away the answer is 503, for every address alike, and afterwards all is well", async () => {
  web.toDatabase.shut();
  const answers = await Promise.all(["alice@example.com", "nobody@example.com"].map(ask));
  web.toDatabase.open();
  for (const answer of answers) {
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await answer.json()).toEqual({
      error: { code: "unavailable", message: "the database is away; try again" },
    });
  }
  await waitUntil("the database", async () => (await ask("alice@example.com")).status === 200);
  expect(JSON.parse((await takeMail()).text)).toMatchObject({ to: "alice@example.com" });
});

test("a start adds the sample users that are missing and leaves the others as they are", async () => {
  await web.users.updateOne({ email: "bob@example.com" }, { $set: { passwordHash: "kept" } });
  await web.users.deleteOne({ email: "alice@example.com" });
  const bob = await web.users.findOne({ email: "bob@example.com" });
  await Promise.all([web.prepare(), web.prepare()]);
  expect(await web.users.findOne({ email: "bob@example.com" })).toEqual(bob);
  const users = await web.users.find().toArray();
  expect(users.map(({ email }) => email).sort()).toEqual(["alice@example.com", "bob@example.com"]);
});

test("the database forgets resets a day after they have expired", async () => {
  const indexes = await web.resets.indexes();
  expect(indexes).toContainEqual(
    expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 86_400 }),
  );
});
