import { randomUUID } from "node:crypto";
import type { Options } from "amqplib";
import { MongoClient } from "mongodb";
import { startBroker, startDatabase, startMailServer, type MailServer } from "@tracebridge/embedded";
import {
  startServiceProcess,
  waitUntilReady,
  type ServiceProcess,
} from "../../../packages/service/test/support/service-process.ts";
import { openTestQueues, type TestQueues } from "../../../packages/service/test/support/test-queues.ts";
import { waitUntil } from "../../../packages/service/test/support/wait.ts";
import { removeQueues } from "../../../test/system/rabbitmq.ts";

export const testSecret = "0123456789abcdef0123456789abcdef";

export interface MailerBench {
  queues: TestQueues;
  mailServer: MailServer;
  client: MongoClient;
  amqpUrl: string;
  /** Starts a mailer beside those that run, and waits until it is ready. */
  start(env?: NodeJS.ProcessEnv): Promise<ServiceProcess>;
  stopMailers(): Promise<void>;
  /** Puts a request for a mail into the queue and returns its id. */
  request(fields?: Record<string, unknown>, options?: Options.Publish): Promise<string>;
  /** The mails of a request, as soon as there is one. */
  waitForMails(id: string): Promise<ReturnType<MailServer["mails"]>>;
  mailsOf(id: string): ReturnType<MailServer["mails"]>;
  /** Waits until every request so far is settled: nothing waits, and each document is marked as sent. */
  waitUntilSent(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Mailers as processes, with a mail server, a database and a broker of their own, or with the broker at `amqpUrl`. */
export async function startMailerBench(amqpUrl?: string): Promise<MailerBench> {
  if (amqpUrl !== undefined) await removeQueues(amqpUrl);
  const [broker, database, mailServer] = await Promise.all([
    amqpUrl === undefined ? startBroker() : undefined,
    startDatabase(),
    startMailServer(),
  ]);
  const url = amqpUrl ?? String(broker?.url);
  const queues = await openTestQueues(url);
  const client = await MongoClient.connect(database.url);
  const mailers: ServiceProcess[] = [];
  const stopMailers = async (): Promise<void> => {
    await Promise.all(mailers.splice(0).map((mailer) => mailer.stop()));
  };
  const mailsOf = (id: string): ReturnType<MailServer["mails"]> =>
    mailServer.mails().filter(({ messageId }) => messageId.includes(id));
  return {
    queues,
    mailServer,
    client,
    amqpUrl: url,
    stopMailers,
    mailsOf,
    start: async (env = {}) => {
      const mailer = startServiceProcess("mailer", {
        AMQP_URL: url,
        MONGO_URL: database.url,
        SMTP_URL: mailServer.smtpUrl,
        MAIL_FROM: "Tracebridge <no-reply@shop.example>",
        PAGE_URL: "https://shop.example/",
        RESET_TOKEN_SECRET: testSecret,
        ...env,
      });
      mailers.push(mailer);
      await waitUntilReady(mailer);
      return mailer;
    },
    request: async (fields = {}, options = {}) => {
      const body = createRequest(fields);
      await queues.send("mail", body, options);
      return body.id;
    },
    waitForMails: async (id) => {
      await waitUntil(`the mail of ${id}`, () => mailsOf(id).length > 0);
      return mailsOf(id);
    },
    waitUntilSent: async (ids) => {
      const mails = client.db("mailer").collection("mail");
      const readSent = (): Promise<number> => mails.countDocuments({ id: { $in: [...ids] }, status: "sent" });
      await waitUntil("every mail to be sent", readSent, (count) => count === ids.length);
    },
    close: async () => {
      await stopMailers();
      await queues.close();
      await client.close();
      await Promise.all([broker?.close(), database.close(), mailServer.stop()]);
    },
  };
}

/** A message of queue `mail`, good for an hour. */
export function createRequest(
  fields: Record<string, unknown> = {},
): { id: string } & Record<string, unknown> {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { type: "reset-password", id: randomUUID(), to: "alice@example.com", expiresAt, ...fields };
}
