import { connect } from "amqplib";
import { drawTrace, findTrace } from "@tracebridge/telemetry/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import "../trace-matchers.ts";
import { startMailServer, type MailServer, type ReceivedMail } from "../../packages/embedded/src/index.ts";
import { readUntil } from "./eventually.ts";
import { resetTree } from "./expected-trees.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { askForReset, type LoggedReset } from "./resets.ts";

const alice = "alice@example.com";
const answerToAll = { status: 200, answer: { message: "Password reset email sent" } };

/** From the request to the mail, over web, mailer and an SMTP server. Runs against the embedded broker and against RabbitMQ. */
export function describeResetPassword(broker: string, readAmqpUrl: () => string | undefined): void {
  describe(`a password reset over ${broker}`, () => {
    let mailServer: MailServer;
    let stack: OrderStack;
    /** Of everything that arrived, unpacked. */
    const bodies: Buffer[] = [];
    beforeAll(async () => {
      mailServer = await startMailServer();
      const keep = (_arrived: unknown, _request: unknown, body: Uint8Array): void =>
        void bodies.push(Buffer.from(body));
      stack = await startOrderStack({
        amqpUrl: readAmqpUrl(),
        smtpUrl: mailServer.smtpUrl,
        instances: { mailer: 1 },
        env: { RESETS_PER_ADDRESS: "1000" },
        receiver: { onEnvelope: keep, onOtlpTraces: keep, onOtlpLogs: keep },
      });
    });
    afterAll(async () => {
      await stack.stop();
      await mailServer.stop();
    });

    const mailsOf = (resetId: string): ReceivedMail[] =>
      mailServer.mails().filter(({ messageId }) => messageId.includes(resetId));
    const waitForMail = (resetId: string): Promise<ReceivedMail[]> =>
      readUntil(
        () => Promise.resolve(mailsOf(resetId)),
        (mails) => mails.length > 0,
        20_000,
      );
    const logged = (resetId: string, text: string): string[] =>
      (stack.output.get("mailer") ?? []).filter((line) => line.includes(resetId) && line.includes(text));

    it("is one trace from the request to the SMTP server, the same at both back ends", async () => {
      const { status, answer, reset } = await askForReset(stack, alice);
      expect({ status, answer }).toEqual(answerToAll);
      expect(await waitForMail(reset.resetId)).toMatchObject([{ to: [alice] }]);
      await vi.waitFor(
        () => {
          const trace = findTrace(stack.receiver, reset.traceId);
          expect(drawTrace(stack.receiver, reset.traceId, { in: "otlp" })).toBe(resetTree("request handler"));
          expect(drawTrace(stack.receiver, reset.traceId, { in: "sentry" })).toBe(
            resetTree("/users/reset-password"),
          );
          const ids = [trace.otlp, trace.sentry].map(({ spans }) =>
            spans.map(({ spanId }) => spanId).toSorted(),
          );
          expect(ids[0]).toEqual(ids[1]);
          expect(trace).toMatchAcrossBackends();
        },
        { timeout: 15_000 },
      );
    });

    it("for an address that nobody has is answered in the same way, and no mail is sent", async () => {
      const { status, answer, reset } = await askForReset(stack, "nobody@example.com");
      expect({ status, answer }).toEqual(answerToAll);
      // One that comes later has arrived, so this one would have, too.
      const { reset: later } = await askForReset(stack, alice);
      await waitForMail(later.resetId);
      expect(mailsOf(reset.resetId)).toEqual([]);
    });

    it("asked for twice sends a mail each; a message that comes again sends none", async () => {
      const resets = [await askForReset(stack, alice), await askForReset(stack, alice)].map(
        ({ reset }) => reset,
      );
      for (const { resetId } of resets) expect(await waitForMail(resetId)).toHaveLength(1);
      const links = resets.map(({ resetId }) => readLink(mailsOf(resetId)[0]));
      expect(new Set(links).size).toBe(2);

      const resetId = resets[0]?.resetId ?? "";
      await stack.restart("mailer");
      await sendAgain(stack, resetId, 3);
      await vi.waitFor(() => expect(logged(resetId, "Sent before")).toHaveLength(3), { timeout: 20_000 });
      expect(mailsOf(resetId)).toHaveLength(1);
    });

    it("while mailer is away waits for it, and is one trace all the same", async () => {
      await stack.processes.get("mailer")?.stop(10_000);
      const { status, reset } = await askForReset(stack, alice);
      expect(status).toBe(200);
      await stack.restart("mailer");
      expect(await waitForMail(reset.resetId)).toHaveLength(1);
      await stack.receiver.waitFor("the SMTP span at both back ends", ({ otlp, sentry }) =>
        [otlp.spans, sentry.spans].every((spans) =>
          spans.some(({ traceId, name }) => traceId === reset.traceId && name === "smtp send"),
        ),
      );
    });

    it("while the SMTP server is away is tried again until it is back, and sends one mail", async () => {
      const { port } = new URL(mailServer.smtpUrl);
      await mailServer.stop();
      const { status, reset } = await askForReset(stack, alice);
      expect(status).toBe(200);
      await waitForFailedAttempt(stack, reset);
      mailServer = await startMailServer({ smtpPort: Number(port) });
      await vi.waitFor(() => expect(logged(reset.resetId, "Mail sent")).toHaveLength(1), { timeout: 20_000 });
      expect(mailsOf(reset.resetId)).toHaveLength(1);
    });

    it("that the SMTP server refuses for now, naming the address, is tried again, and sends one mail", async () => {
      mailServer.refuse({ at: "recipient", code: 450, text: `<${alice}> is greylisted` });
      const { reset } = await askForReset(stack, alice);
      await waitForFailedAttempt(stack, reset);
      mailServer.refuse();
      await vi.waitFor(() => expect(logged(reset.resetId, "Mail sent")).toHaveLength(1), { timeout: 20_000 });
      expect(mailsOf(reset.resetId)).toHaveLength(1);
    });

    it("leaves neither address nor token in anything that was sent to a back end or logged", async () => {
      const { reset } = await askForReset(stack, alice);
      const [mail] = await waitForMail(reset.resetId);
      const token = readLink(mail).split("#token=")[1] ?? "";
      expect(token).toMatch(/^[\w-]{43}$/);
      await stack.receiver.waitFor("what mailer logs last, at both back ends", ({ otlp, sentry }) =>
        [otlp.logs, sentry.logs].every((logs) =>
          logs.some(({ traceId, body }) => traceId === reset.traceId && body === "Mail sent"),
        ),
      );
      const sent = bodies.map(String);
      for (const told of [sent, [...stack.output.values()].flat()]) {
        // What is told of the reset is found in this way, so that what must not be told would be found as well.
        expect(told.some((text) => text.includes(reset.resetId))).toBe(true);
        for (const secret of [alice, encodeURIComponent(alice), "nobody@example.com", token]) {
          expect(told.filter((text) => text.includes(secret))).toEqual([]);
        }
      }
    });
  });
}

function readLink(mail: ReceivedMail | undefined): string {
  return /https?:\S+\/reset-password#token=\S+/.exec(mail?.text ?? "")?.[0] ?? "";
}

function waitForFailedAttempt(stack: OrderStack, reset: LoggedReset): Promise<void> {
  return stack.receiver.waitFor("the SMTP span of a failed attempt", ({ otlp }) =>
    otlp.spans.some(
      ({ traceId, attributes }) => traceId === reset.traceId && attributes["error.type"] !== undefined,
    ),
  );
}

/** Puts the message of a reset into the queue again, as a broker may that lost a confirmation. */
async function sendAgain(stack: OrderStack, resetId: string, times: number): Promise<void> {
  const connection = await connect(stack.servers.amqpUrl);
  const channel = await connection.createConfirmChannel();
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const body = Buffer.from(JSON.stringify({ type: "reset-password", id: resetId, to: alice, expiresAt }));
  for (let time = 0; time < times; time += 1)
    channel.sendToQueue("mail", body, { messageId: `${resetId}.mail` });
  await channel.waitForConfirms();
  await connection.close();
}
