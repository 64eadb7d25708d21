import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startMailServer } from "@tracebridge/embedded";
import { createResetToken } from "@tracebridge/service";
import { claimPort } from "../../../packages/embedded/src/ports.ts";
import type { ServiceProcess } from "../../../packages/service/test/support/service-process.ts";
import { waitUntil } from "../../../packages/service/test/support/wait.ts";
import { startMailerBench, testSecret, type MailerBench } from "./mailer-bench.ts";
import { startSilentServer } from "./silent-server.ts";

const notNow = "The SMTP server does not take the mail now; it is asked again";

/** What mailer does with the requests in queue `mail`. Runs against the embedded broker and against RabbitMQ. */
export function describeMailer(broker: string, readAmqpUrl: () => string | undefined): void {
  describe(`mailer over ${broker}`, () => {
    let bench: MailerBench;
    beforeAll(async () => {
      bench = await startMailerBench(readAmqpUrl());
    });
    afterAll(() => bench.close());

    describe("one of them", () => {
      let mailer: ServiceProcess;
      beforeAll(async () => {
        mailer = await bench.start();
      });
      beforeEach(() => bench.mailServer.refuse());
      afterAll(() => bench.stopMailers());

      const said = (text: string): Record<string, unknown>[] =>
        mailer.lines.filter((line) => line["msg"] === text);

      /** The mails of a request that is refused twice, and then no more. */
      async function waitUntilTaken(): Promise<readonly unknown[]> {
        const failures = (): number => said(notNow).length;
        const before = failures();
        const id = await bench.request();
        await waitUntil("two refusals", () => failures() >= before + 2);
        bench.mailServer.refuse();
        return bench.waitForMails(id);
      }

      test("sends a mail with a link that works, says until when, and keeps no address", async () => {
        const id = await bench.request({ to: "alice@example.com", expiresAt: "2126-11-21T23:59:00Z" });
        const [mail, ...more] = await bench.waitForMails(id);
        expect(more).toEqual([]);
        const link = `https://shop.example/reset-password#token=${createResetToken(testSecret, id)}`;
        expect(mail).toMatchObject({
          from: "no-reply@shop.example",
          to: ["alice@example.com"],
          subject: "Your new password",
          messageId: `<reset-password.${id}@shop.example>`,
        });
        expect(mail?.text).toContain(`\n${link}\n`);
        expect(mail?.text).toContain("once, until 21 November 2126 at 23:59 UTC.");
        expect(mail?.html).toContain(`<a href="${link}">`);
        expect(mail?.html).toContain("until 21 November 2126 at 23:59 UTC.");
        await bench.waitUntilSent([id]);
        const stored = await bench.client.db("mailer").collection("mail").findOne({ id });
        expect(Object.keys(stored ?? {}).toSorted()).toEqual(["_id", "expiresAt", "id", "sentAt", "status"]);
      });

      test("sends a request that is delivered again no second time", async () => {
        const id = await bench.request({}, { messageId: "again" });
        await bench.waitUntilSent([id]);
        for (const messageId of ["again", "another"]) await bench.request({ id }, { messageId });
        await waitUntil("both messages", () => said("Sent before; nothing is done again").length === 2);
        expect(bench.mailsOf(id)).toHaveLength(1);
      });

      test.each(["sender", "recipient", "message"] as const)(
        "tries again what the server refuses for now at the %s, and sends it when the server takes it",
        async (at) => {
          bench.mailServer.refuse({ at, code: 451, text: "4.7.1 <alice@example.com> come back later" });
          expect(await waitUntilTaken()).toHaveLength(1);
        },
      );

      test.each([
        { at: "sender", command: "MAIL FROM" },
        { at: "recipient", command: "RCPT TO" },
        { at: "message", command: "DATA" },
      ] as const)(
        "gives up at once what the server refuses for good at the $at, and names nobody",
        async ({ at, command }) => {
          bench.mailServer.refuse({ at, code: 550, text: "5.1.1 <alice@example.com> is unknown here" });
          const id = await bench.request();
          const dead = await bench.queues.take("mail.dead");
          expect(JSON.parse(dead.content.toString())).toMatchObject({ id });
          expect(dead.properties.headers).toMatchObject({
            "x-dead-reason": "failed",
            "x-dead-detail": `the SMTP server refused the mail: 550 5.1.1 at ${command}`,
            "x-dead-attempts": 1,
          });
          expect(bench.mailsOf(id)).toEqual([]);
        },
      );

      test("takes a refusal before any mail was named for one that passes", async () => {
        bench.mailServer.refuse({ at: "connect", code: 554, text: "no service" });
        expect(await waitUntilTaken()).toHaveLength(1);
      });

      test("sends nothing for a request that has expired", async () => {
        const expired = said("The request has expired; no mail is sent").length;
        const id = await bench.request({ expiresAt: new Date(Date.now() - 1000).toISOString() });
        await waitUntil(
          "the expiry to be noticed",
          () => said("The request has expired; no mail is sent").length > expired,
        );
        const next = await bench.request();
        await bench.waitForMails(next);
        expect(bench.mailsOf(id)).toEqual([]);
        expect(await bench.queues.count("mail.dead")).toBe(0);
      });

      test.each([
        ["no address", { to: "alice" }],
        ["a second header in the address", { to: "alice@example.com\r\nBcc: bob@example.com" }],
        ["two addresses", { to: "alice@example.com, bob@example.com" }],
        ["an operator object for an id", { id: { $gt: "" } }],
        ["a date that is none", { expiresAt: "tomorrow" }],
        ["another type", { type: "advertisement" }],
      ])("puts a request with %s aside, sends nothing and goes on", async (_name, fields) => {
        const count = bench.mailServer.mails().length;
        await bench.request(fields);
        const dead = await bench.queues.take("mail.dead");
        expect(dead.properties.headers).toMatchObject({ "x-dead-reason": "unknown_shape" });
        expect(JSON.stringify(dead.properties.headers)).not.toContain("example.com");
        const next = await bench.request();
        await bench.waitForMails(next);
        expect(bench.mailServer.mails()).toHaveLength(count + 1);
      });

      test("has written no address and no token into its log", async () => {
        const id = await bench.request({ to: "carol@example.org" });
        await bench.waitUntilSent([id]);
        const log = JSON.stringify(mailer.lines) + mailer.text();
        expect(log).toContain("Mail sent");
        expect(log).not.toMatch(/alice|bob@|carol/);
        expect(log).not.toContain(createResetToken(testSecret, id));
      });
    });

    describe("with trouble around it", () => {
      afterEach(() => bench.stopMailers());

      test("two mailers that get the same requests send each of them once", async () => {
        const mailers = await Promise.all([bench.start(), bench.start()]);
        const ids = Array.from({ length: 20 }, () => randomUUID());
        await Promise.all([...ids, ...ids].map((id) => bench.request({ id })));
        await bench.waitUntilSent(ids);
        const settled = (): number =>
          mailers
            .flatMap(({ lines }) => lines)
            .filter(({ msg }) => msg === "Mail sent" || msg === "Sent before; nothing is done again").length;
        await waitUntil("every message to be done", settled, (count) => count === 2 * ids.length);
        expect(ids.map((id) => bench.mailsOf(id).length)).toEqual(ids.map(() => 1));
      });

      test("a server that is away for a while gets the mail when it is back, once", async () => {
        const port = await claimPort();
        const mailer = await bench.start({ SMTP_URL: `smtp://127.0.0.1:${port}` });
        const id = await bench.request();
        await waitUntil("a failure", () => mailer.lines.some(({ msg }) => msg === notNow));
        const server = await startMailServer({ smtpPort: port });
        await bench.waitUntilSent([id]);
        expect(server.mails()).toHaveLength(1);
        await server.stop();
      });

      test("a server that stays away until the request expires: it is set aside, and neither password nor address is told", async () => {
        const port = await claimPort();
        const mailer = await bench.start({ SMTP_URL: `smtp://mailer:hush-hush@127.0.0.1:${port}` });
        await bench.request({ expiresAt: new Date(Date.now() + 5000).toISOString() });
        const dead = await bench.queues.take("mail.dead");
        expect(dead.properties.headers).toMatchObject({
          "x-dead-reason": "failed",
          "x-dead-detail":
            "the request expired while its mail waited; at last, the mail was not handed over: ESOCKET at CONN",
          "x-dead-attempts": 1,
        });
        expect(JSON.stringify(mailer.lines) + mailer.text()).not.toMatch(/hush-hush|alice/);
      });

      test("killed after the claim, it leaves the request to the next one, which sends it once the lease is over", async () => {
        const silent = await startSilentServer();
        const doomed = await bench.start({ SMTP_URL: silent.url });
        const id = await bench.request();
        await waitUntil("the hand-over to begin", () => silent.connections() > 0);
        doomed.kill("SIGKILL");
        await doomed.exited;
        await silent.close();

        const mails = bench.client.db("mailer").collection("mail");
        expect(await mails.findOne({ id })).toMatchObject({ status: "sending" });
        const next = await bench.start();
        const received = (): unknown[] => next.lines.filter((line) => line["msg"] === "Message received");
        await waitUntil("the next one to have it", () => received().length > 0);
        // By the time it has sent another it would have sent this one as well.
        await bench.waitForMails(await bench.request());
        expect(bench.mailsOf(id)).toEqual([]);
        // As if the lease's twenty seconds were over.
        await mails.updateOne({ id }, { $set: { leaseEndsAt: new Date(0) } });
        await bench.waitUntilSent([id]);
        expect(bench.mailsOf(id)).toHaveLength(1);
      });

      test("told to end while a server does not answer, it hands the request back and leaves with 0", async () => {
        const silent = await startSilentServer();
        const mailer = await bench.start({ SMTP_URL: silent.url });
        const id = await bench.request();
        await waitUntil("the hand-over to begin", () => silent.connections() > 0);
        expect(await mailer.stop()).toEqual({ code: 0, signal: null });
        await silent.close();
        const mails = bench.client.db("mailer").collection("mail");
        expect(await mails.findOne({ id })).toMatchObject({ status: "sending", leaseEndsAt: new Date(0) });
        await bench.start();
        await bench.waitUntilSent([id]);
        expect(bench.mailsOf(id)).toHaveLength(1);
      });
    });
  });
}
