import { once } from "node:events";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Mailbox } from "./mailbox.ts";
import { readMail } from "./received-mail.ts";

/** For tests: at which step the server refuses, and with which reply code (4xx: for now, 5xx: for good). */
export interface Refusal {
  readonly at: "connect" | "sender" | "recipient" | "message";
  readonly code: number;
  /** What the server says; as real servers do, it may name the recipient. */
  readonly text?: string;
}

export interface SmtpReceiver {
  readonly port: number;
  refuse(refusal: Refusal | undefined): void;
  stop(): Promise<void>;
}

type Done = (error?: Error | null) => void;

const mostBytes = 512 * 1024;
const mostRecipients = 100;
const mostClients = 50;
const idleMillis = 60_000;
const closeMillis = 500;

/**
 * Receives mails on 127.0.0.1 without encryption and without a login.
 *
 * @throws the error of `listen`
 */
export async function startSmtpReceiver(port: number, mailbox: Mailbox): Promise<SmtpReceiver> {
  let refusal: Refusal | undefined;
  const answer = (at: Refusal["at"], done: Done): void =>
    done(refusal?.at === at ? createReply(refusal.code, refusal.text) : null);
  const store = async (
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: Done,
  ): Promise<void> => {
    let mail: Awaited<ReturnType<typeof readMail>>;
    try {
      mail = await takeMail(stream, session);
    } catch (error) {
      done(error instanceof Error ? error : createReply(451));
      return;
    }
    answer("message", (error) => {
      if (!error) mailbox.add(mail);
      done(error);
    });
  };
  const server = new SMTPServer({
    name: "localhost",
    banner: "Tracebridge mail",
    // Clients would refuse a certificate nobody knows, and there is nobody to keep out.
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: mostBytes,
    maxClients: mostClients,
    socketTimeout: idleMillis,
    closeTimeout: closeMillis,
    onConnect: (_session, done) => answer("connect", done),
    onMailFrom: (_address, _session, done) => answer("sender", done),
    onRcptTo: (_address, { envelope }, done) => {
      if (envelope.rcptTo.length >= mostRecipients) done(createReply(452, "too many recipients"));
      else answer("recipient", done);
    },
    onData: (stream, session, done) => void store(stream, session, done),
  });
  // What goes wrong with one client, a reset for example, is no matter of ours.
  server.on("error", () => undefined);
  const listening = server.listen(port, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    refuse: (next) => (refusal = next),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function takeMail(
  stream: SMTPServerDataStream,
  { envelope: { mailFrom, rcptTo } }: SMTPServerSession,
): ReturnType<typeof readMail> {
  const chunks: Buffer[] = [];
  // What is too much is read and forgotten: the client hears of it only when it has sent everything.
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
  if (stream.sizeExceeded) throw createReply(552, `the mail is larger than ${mostBytes} bytes`);
  const envelope = { from: mailFrom ? mailFrom.address : "", to: rcptTo.map(({ address }) => address) };
  try {
    return await readMail(Buffer.concat(chunks), envelope);
  } catch {
    throw createReply(554, "the mail cannot be read");
  }
}

function createReply(code: number, text = "refused"): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
