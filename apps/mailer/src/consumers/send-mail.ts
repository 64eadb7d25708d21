import { setTimeout as sleep } from "node:timers/promises";
import {
  mailMessageSchema,
  type Delivery,
  type Logger,
  type MailMessage,
  type ServiceParts,
} from "@tracebridge/service";
import { createResetMail, type ResetMailOptions } from "../mails/reset-password.ts";
import type { SendMail } from "../smtp/mail-sender.ts";
import { SmtpError } from "../smtp/smtp-error.ts";
import type { MailStore } from "../store/mails.ts";

export interface MailConsumerOptions extends ResetMailOptions {
  store: Pick<MailStore, "claim" | "markSent" | "release">;
  send: SendMail;
  logger: Logger;
}

const prefetch = 10;
/** With a second between two attempts, an SMTP server may be away for some ten seconds. */
const maxAttempts = 10;
const busyPauseMillis = { first: 500, longest: 5000 };
const mostUnrecorded = 1000;

/**
 * Queue `mail`: sends each request once, also when its message comes again, to another mailer or after a restart. Only
 * who dies between the server's "250" and the write that says so, or does not get to hear the "250", leaves a mail that
 * is sent again, with the same Message-ID.
 */
export function createMailConsumer(options: MailConsumerOptions): ServiceParts<MailMessage>["consumer"] {
  const unrecorded = new Set<string>();
  return {
    queue: "mail",
    schema: mailMessageSchema,
    prefetch,
    maxAttempts,
    businessIds: () => ({}),
    isFinal: (error) => error instanceof SmtpError && error.isPermanent,
    handle: (delivery) => sendOnce(options, unrecorded, delivery),
  };
}

/** @param unrecorded requests whose mail this process has handed over without being able to write that down */
async function sendOnce(
  options: MailConsumerOptions,
  unrecorded: Set<string>,
  { message, signal }: Delivery<MailMessage>,
): Promise<void> {
  const { store, logger } = options;
  const { id } = message;
  if (!unrecorded.has(id)) {
    const claim = await waitForTurn(options, message, signal);
    if (claim === undefined) return;
    await send(options, message, claim, signal);
    remember(unrecorded, id);
  }
  await store.markSent(id);
  unrecorded.delete(id);
  logger.info({ mailId: id }, "Mail sent");
}

function remember(unrecorded: Set<string>, id: string): void {
  unrecorded.add(id);
  const [oldest] = unrecorded;
  if (unrecorded.size > mostUnrecorded && oldest !== undefined) unrecorded.delete(oldest);
}

/** Resolves to the claim when it is this mailer's turn, to nothing when there is nothing to send. */
async function waitForTurn(
  { store, logger }: MailConsumerOptions,
  { id, expiresAt }: MailMessage,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let pause = busyPauseMillis.first; ; pause = Math.min(2 * pause, busyPauseMillis.longest)) {
    signal.throwIfAborted();
    const end = new Date(expiresAt);
    if (end.getTime() <= Date.now()) {
      logger.warn({ mailId: id }, "The request has expired; no mail is sent");
      return undefined;
    }
    const result = await store.claim({ id, expiresAt: end });
    if (result.state === "claimed") return result.claim;
    if (result.state === "sent") {
      logger.info({ mailId: id }, "Sent before; nothing is done again");
      return undefined;
    }
    await sleep(pause, undefined, { signal });
  }
}

async function send(
  options: MailConsumerOptions,
  message: MailMessage,
  claim: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    // The claim may have taken long, and somebody else may have the message by now.
    signal.throwIfAborted();
    await options.send(createResetMail(message, options), signal);
  } catch (error) {
    // If this fails as well, the lease ends by itself.
    await options.store.release(message.id, claim).catch(() => undefined);
    throw error;
  }
}
