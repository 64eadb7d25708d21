import { Mailbox } from "./mailbox.ts";
import { startPageServer } from "./page-server.ts";
import type { ReceivedMail } from "./received-mail.ts";
import { startSmtpReceiver, type Refusal } from "./smtp-receiver.ts";

export interface MailServerOptions {
  /** Where mails are received; 0, the default, takes any free port. */
  smtpPort?: number;
  /** Where they are shown; 0, the default, takes any free port. */
  httpPort?: number;
}

export interface MailServer {
  /** smtp://127.0.0.1:PORT */
  readonly smtpUrl: string;
  /** http://127.0.0.1:PORT, the page of received mails; the same as JSON is at /api/mails. */
  readonly pageUrl: string;
  /** Newest first, at most 100. */
  mails(): readonly ReceivedMail[];
  /** For tests: refuses every mail in this way until it is called with nothing. */
  refuse(refusal?: Refusal): void;
  /** Ends every connection and closes both ports. Mails are gone. */
  stop(): Promise<void>;
}

/**
 * Starts an SMTP server in this process that sends nothing on, and a page that shows what it received: for
 * development and tests, on 127.0.0.1 only. Rejects with the error of `listen` (EADDRINUSE for a busy port).
 */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { smtpPort = 0, httpPort = 0 } = options;
  const mailbox = new Mailbox();
  const receiver = await startSmtpReceiver(smtpPort, mailbox);
  try {
    const page = await startPageServer(httpPort, mailbox);
    return {
      smtpUrl: `smtp://127.0.0.1:${receiver.port}`,
      pageUrl: page.url,
      mails: () => mailbox.list(),
      refuse: (refusal) => receiver.refuse(refusal),
      stop: async () => void (await Promise.all([receiver.stop(), page.stop()])),
    };
  } catch (error) {
    await receiver.stop();
    throw error;
  }
}
