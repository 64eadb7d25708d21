import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDatabase as startServer } from "@tracebridge/embedded";
import type { Delivery, MailMessage } from "@tracebridge/service";
import { isDatabaseOutage } from "../../../packages/service/src/database/outage.ts";
import { createRecordingLogger } from "../../../packages/service/test/support/log.ts";
import { startProxy, type Proxy } from "../../../packages/service/test/support/proxy.ts";
import { createMailConsumer, type MailConsumerOptions } from "../src/consumers/send-mail.ts";
import { createMailStore, type MailStore } from "../src/store/mails.ts";
import { createRequest } from "./mailer-bench.ts";

let server: Awaited<ReturnType<typeof startServer>>;
let proxy: Proxy;
let client: MongoClient;
let store: MailStore;

beforeAll(async () => {
  server = await startServer();
  proxy = await startProxy(server.url);
  client = await MongoClient.connect(proxy.url, { serverSelectionTimeoutMS: 500 });
  const db = client.db("mailer");
  store = createMailStore({ collection: (name) => db.collection(name) });
  await store.prepare();
});
afterAll(async () => {
  await client.close();
  await proxy.close();
  await server.close();
});

function createConsumer(
  send: MailConsumerOptions["send"],
  options: { claim?: MailStore["claim"]; signal?: AbortSignal } = {},
): (message: MailMessage) => Promise<void> {
  const { claim = (mail) => store.claim(mail), signal = AbortSignal.timeout(60_000) } = options;
  const consumer = createMailConsumer({
    store: { ...store, claim },
    send,
    logger: createRecordingLogger().logger,
    from: { name: "", address: "no-reply@shop.example" },
    pageUrl: "https://shop.example",
    tokenSecret: "0123456789abcdef0123456789abcdef",
  });
  return async (message) => {
    const delivery: Delivery<MailMessage> = { message, messageId: "m-1", attempt: 1, signal };
    await consumer.handle(delivery);
  };
}

const createMessage = (): MailMessage => createRequest() as unknown as MailMessage;
const isOutage = (error: unknown): boolean => isDatabaseOutage(error);

test("a database that goes away after the hand-over does not make the same mailer send again", async () => {
  const sent: string[] = [];
  const handle = createConsumer(async ({ messageId }) => {
    sent.push(messageId);
    proxy.shut();
  });
  const message = createMessage();
  const failure = await handle(message).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(isOutage(failure)).toBe(true);
  proxy.open();
  // As the consumer does when the database is back.
  await handle(message);
  await handle(message);
  expect(sent).toEqual([`<reset-password.${message.id}@shop.example>`]);
});

test("a failed hand-over gives the claim up, and the next attempt need not wait", async () => {
  let failures = 1;
  const sent: string[] = [];
  const handle = createConsumer(async ({ messageId }) => {
    if (failures-- > 0) throw new Error("no luck");
    sent.push(messageId);
  });
  const message = createMessage();
  await expect(handle(message)).rejects.toThrow("no luck");
  expect(await store.claim({ id: message.id, expiresAt: new Date(message.expiresAt) })).toMatchObject({
    state: "claimed",
  });
  expect(sent).toEqual([]);
});

test("work that has to be given back while the claim is made is not begun, and the claim is given up", async () => {
  const stop = new AbortController();
  const sent: string[] = [];
  const handle = createConsumer(async ({ messageId }) => void sent.push(messageId), {
    signal: stop.signal,
    claim: async (mail) => {
      const result = await store.claim(mail);
      stop.abort();
      return result;
    },
  });
  const message = createMessage();
  await expect(handle(message)).rejects.toThrow("aborted");
  expect(sent).toEqual([]);
  expect(await store.claim({ id: message.id, expiresAt: new Date(message.expiresAt) })).toMatchObject({
    state: "claimed",
  });
});

test("of many claims at once one is granted, and after the mail was sent none", async () => {
  const mail = { id: randomUUID(), expiresAt: new Date(Date.now() + 60_000) };
  const states = async (): Promise<string[]> => {
    const results = await Promise.all(Array.from({ length: 20 }, () => store.claim(mail)));
    return results.map(({ state }) => state).toSorted();
  };
  expect(await states()).toEqual([...Array.from({ length: 19 }, () => "busy"), "claimed"]);
  await store.markSent(mail.id);
  expect(new Set(await states())).toEqual(new Set(["sent"]));
});

test("who lost his claim to another cannot end the other's", async () => {
  const mail = { id: randomUUID(), expiresAt: new Date(Date.now() + 60_000) };
  const first = await store.claim(mail);
  if (first.state !== "claimed") throw new Error("unreachable: nobody else claims it");
  await client
    .db("mailer")
    .collection("mail")
    .updateOne({ id: mail.id }, { $set: { leaseEndsAt: new Date(0) } });
  expect((await store.claim(mail)).state).toBe("claimed");
  await store.release(mail.id, first.claim);
  expect((await store.claim(mail)).state).toBe("busy");
});
