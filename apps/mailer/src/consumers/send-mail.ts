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
/** With `patienceMillis` more than enough until any request has expired. */
const maxAttempts = 10;
const busyPauseMillis = { first: 500, longest: 5000 };
const refusedPauseMillis = { first: 1000, longest: 30_000 };
/**
 * How long a message waits with its mailer for an SMTP server that does not take its mail now. Half of what RabbitMQ
 * waits for an acknowledgement. https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout
 */
const patienceMillis = 15 * 60_000;
const mostUnrecorded = 1000;

/** The request expired while its mail waited for the SMTP server. */
class TooLateError extends Error {
  override readonly name = "TooLateError";
}

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
    isFinal: (error) => error instanceof TooLateError || (error instanceof SmtpError && error.isPermanent),
    handle: (delivery) => sendOnce(options, unrecorded, delivery),
  };
}

/** @param unrecorded requests whose mail this process has handed over without being able to write that down */
async function sendOnce(
  options: MailConsumerOptions,
  unrecorded: Set<string>,
  delivery: Delivery<MailMessage>,
): Promise<void> {
  const { store, logger } = options;
  const { id } = delivery.message;
  if (!unrecorded.has(id)) {
    if (!(await handOver(options, delivery))) return;
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

/**
 * Whether this mailer has handed the mail over. A server that is away, or refuses it for now, is asked again, less and
 * less often, until the request expires.
 */
async function handOver(
  options: MailConsumerOptions,
  { message, signal }: Delivery<MailMessage>,
): Promise<boolean> {
  const patienceEnds = performance.now() + patienceMillis;
  let refusal: SmtpError | undefined;
  for (let pause = refusedPauseMillis.first; ; pause = Math.min(2 * pause, refusedPauseMillis.longest)) {
    const turn = await waitForTurn(options, message, signal);
    if (turn === "expired" && refusal) {
      throw new TooLateError(`the request expired while its mail waited; at last, ${refusal.message}`);
    }
    if (typeof turn === "string") {
      tellNothingToDo(options.logger, message.id, turn);
      return false;
    }
    try {
      await send(options, message, turn.claim, signal);
      return true;
    } catch (error) {
      const mayPass = error instanceof SmtpError && !error.isPermanent && performance.now() < patienceEnds;
      if (!mayPass || signal.aborted) throw error;
      refusal = error;
      options.logger.warn(
        { mailId: message.id, err: error },
        "The SMTP server does not take the mail now; it is asked again",
      );
    }
    await sleep(pause, undefined, { signal });
  }
}

function tellNothingToDo(logger: Logger, mailId: string, why: "sent" | "expired"): void {
  if (why === "sent") logger.info({ mailId }, "Sent before; nothing is done again");
  else logger.warn({ mailId }, "The request has expired; no mail is sent");
}

/** Resolves to the claim when it is this mailer's turn, or to why there is nothing to send. */
async function waitForTurn(
  { store }: MailConsumerOptions,
  { id, expiresAt }: MailMessage,
  signal: AbortSignal,
): Promise<{ claim: string } | "sent" | "expired"> {
  const end = new Date(expiresAt);
  for (let pause = busyPauseMillis.first; ; pause = Math.min(2 * pause, busyPauseMillis.longest)) {
    signal.throwIfAborted();
    if (end.getTime() <= Date.now()) return "expired";
    const result = await store.claim({ id, expiresAt: end });
    if (result.state !== "busy") return result.state === "sent" ? "sent" : result;
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
