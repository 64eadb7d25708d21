import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startMailServer } from "@tracebridge/embedded";
import { createMailSender, type Mail } from "../src/smtp/mail-sender.ts";
import { SmtpError } from "../src/smtp/smtp-error.ts";
import { startSilentServer } from "./silent-server.ts";

const mail: Mail = {
  messageId: "<1@shop.example>",
  from: { name: "Shöp", address: "no-reply@shop.example" },
  to: "alice@example.com",
  subject: "Grüße",
  text: "hello\n.\nworld",
  html: "<p>hello</p>",
};
const never = new AbortController().signal;
const long = 60_000;
const patient = { connectMillis: long, greetingMillis: long, silenceMillis: long, totalMillis: long };
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server that says what a test wants it to. */
async function startTalkingServer(talk: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    talk(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const failure = (sending: Promise<void>): Promise<unknown> =>
  sending.then(
    () => undefined,
    (error: unknown) => error,
  );

test("a mail arrives as it was written, with umlauts and lines of one dot", async () => {
  const server = await startMailServer();
  open.push(() => server.stop());
  await createMailSender(server.smtpUrl)(mail, never);
  expect(server.mails()).toMatchObject([
    { subject: "Grüße", text: "hello\n.\nworld\n", messageId: mail.messageId },
  ]);
});

test.each([
  { deadline: "greetingMillis", talk: () => undefined },
  { deadline: "totalMillis", talk: drip },
  { deadline: "silenceMillis", talk: greet },
] as const)("a server that keeps us waiting is left after $deadline", async ({ deadline, talk }) => {
  const send = createMailSender(await startTalkingServer(talk), { ...patient, [deadline]: 100 });
  const error = await failure(send(mail, never));
  expect(error).toBeInstanceOf(SmtpError);
  expect(error).toMatchObject({ isPermanent: false });
});

/** Says a little again and again, so that no silence is long. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write("220-wait\r\n"), 10);
  socket.once("close", () => clearInterval(timer));
}

function greet(socket: Socket): void {
  socket.write("220 hello\r\n");
}

test("work that has to be given back cuts the connection off", async () => {
  const silent = await startSilentServer();
  open.push(() => silent.close());
  const stop = new AbortController();
  const sending = failure(createMailSender(silent.url, patient)(mail, stop.signal));
  stop.abort();
  expect(await sending).toMatchObject({ name: "SmtpError", type: "EABORT", isPermanent: false });
});

test("what a server says of an address is in no part of the error", async () => {
  const server = await startMailServer();
  open.push(() => server.stop());
  server.refuse({ at: "recipient", code: 553, text: "5.1.3 alice@example.com is no good" });
  const error = await failure(createMailSender(server.smtpUrl)(mail, never));
  expect(error).toMatchObject({ isPermanent: true, type: "553" });
  const shown = error instanceof Error ? `${error.stack} ${JSON.stringify(error)}` : "";
  expect(shown).toContain("553 5.1.3 at RCPT TO");
  expect(shown).not.toContain("alice");
  expect(error).not.toHaveProperty("cause");
});
