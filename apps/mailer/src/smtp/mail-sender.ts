import { SpanKind } from "@opentelemetry/api";
import { createTransport } from "nodemailer";
import { withSpan } from "@tracebridge/telemetry";
import { createCut } from "./cut.ts";
import { readSmtpServer } from "./smtp-server.ts";
import { readSmtpError } from "./smtp-error.ts";

export interface Mail {
  /** The same for the same request, so that a mail sent twice can be recognised as one. With angle brackets. */
  messageId: string;
  from: { name: string; address: string };
  to: string;
  subject: string;
  text: string;
  html: string;
}

/**
 * Hands a mail over to the SMTP server.
 *
 * @param signal when the work has to be given back: a hand-over under way then has a second to end
 * @throws SmtpError
 */
export type SendMail = (mail: Mail, signal: AbortSignal) => Promise<void>;

interface Deadlines {
  connectMillis: number;
  /** From the connection to the server's first word. */
  greetingMillis: number;
  /** Between two words of the server. */
  silenceMillis: number;
  /** However much it says. */
  totalMillis: number;
}

/** In total less than the lease of a claim. */
const defaultDeadlines: Deadlines = {
  connectMillis: 5000,
  greetingMillis: 5000,
  silenceMillis: 10_000,
  totalMillis: 15_000,
};
const graceMillis = 1000;
/** Keeps absence notes and other robots from answering: https://www.rfc-editor.org/rfc/rfc3834#section-5 */
const headers = { "Auto-Submitted": "auto-generated" };

/**
 * One connection per mail. Kept connections would save some milliseconds, and cost the mails that are written to one
 * the server has just closed: whether it took them nobody knows then.
 */
export function createMailSender(smtpUrl: string, deadlines = defaultDeadlines): SendMail {
  const server = readSmtpServer(smtpUrl);
  const transporter = createTransport({
    ...server,
    connectionTimeout: deadlines.connectMillis,
    dnsTimeout: deadlines.connectMillis,
    greetingTimeout: deadlines.greetingMillis,
    socketTimeout: deadlines.silenceMillis,
    // Cut at once: what a closing socket still passes on could be a mail that counts as not sent.
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const attributes = {
    "server.address": server.host,
    "server.port": server.port,
    "network.protocol.name": "smtp",
  };
  return (mail, signal) =>
    withSpan(
      "smtp send",
      async (span) => {
        try {
          using cut = createCut(signal, { graceMillis, totalMillis: deadlines.totalMillis });
          await transporter.sendMail({ ...mail, headers, signal: cut.signal });
        } catch (error) {
          const failure = readSmtpError(error);
          span.setAttribute("error.type", failure.type);
          throw failure;
        }
      },
      { kind: SpanKind.CLIENT, attributes },
    );
}
