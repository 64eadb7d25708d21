import { createTransport } from "nodemailer";
import { onTestFinished } from "vitest";
import { startMailServer, type MailServer } from "../../src/index.ts";

interface Message {
  to?: string | string[];
  subject?: string;
  text?: string;
  html?: string;
  messageId?: string;
}

/** Until the end of the test. */
export async function openMailServer(): Promise<MailServer> {
  const server = await startMailServer();
  onTestFinished(() => server.stop());
  return server;
}

export function send(server: MailServer, message: Message = {}): Promise<unknown> {
  return createTransport(server.smtpUrl).sendMail({ from: "a@example.com", to: "b@example.com", ...message });
}
