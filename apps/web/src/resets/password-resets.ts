import { randomUUID } from "node:crypto";
import {
  createResetToken,
  hashEmailAddress,
  hashResetToken,
  type Logger,
  type MailMessage,
  type OutboxMessage,
} from "@tracebridge/service";
import type { Clock } from "../clock.ts";
import type { ResetDocument, ResetStore } from "../store/resets.ts";
import type { UserDocument, UserStore } from "../store/users.ts";
import { hashPassword } from "./password.ts";

export interface PasswordResetsOptions {
  users: Pick<UserStore, "find" | "setPassword">;
  resets: Pick<ResetStore, "create" | "find" | "markUsed">;
  secret: string;
  now: Clock;
  logger: Logger;
}

/** What people can do about a password they do not know. */
export interface PasswordResets {
  /** What stands for an address in logs and counters. */
  hashAddress(email: string): string;
  /**
   * Sends a link to this address if somebody has it. Whoever asks cannot tell: the same is written, and a mail is sent
   * after the answer.
   */
  request(email: string): Promise<void>;
  /** @returns false when the token was used, has expired or never was one */
  complete(token: string, password: string): Promise<boolean>;
}

const lifetimeMillis = 60 * 60_000;

export function createPasswordResets(options: PasswordResetsOptions): PasswordResets {
  return {
    hashAddress: (email) => hashEmailAddress(options.secret, email),
    request: (email) => request(options, email),
    complete: (token, password) => complete(options, token, password),
  };
}

async function request(
  { users, resets, secret, now, logger }: PasswordResetsOptions,
  email: string,
): Promise<void> {
  const user = await users.find(email);
  const id = randomUUID();
  const requestedAt = now();
  const reset: ResetDocument = {
    id,
    status: "requested",
    ...(user ? { userId: user.id } : {}),
    tokenHash: hashResetToken(createResetToken(secret, id)),
    requestedAt: new Date(requestedAt),
    expiresAt: new Date(requestedAt + lifetimeMillis),
  };
  await resets.create(reset, user ? [createMail(user, reset)] : []);
  const fields = { emailHash: hashEmailAddress(secret, email), resetId: id, isUser: user !== undefined };
  logger.info(fields, "Password reset requested");
}

function createMail({ email }: UserDocument, { id, expiresAt }: ResetDocument): OutboxMessage {
  // To the address that is stored, not to the one that was typed.
  const body: MailMessage = { type: "reset-password", id, to: email, expiresAt: expiresAt.toISOString() };
  return { queue: "mail", step: "mail", body };
}

async function complete(
  { users, resets, secret, now, logger }: PasswordResetsOptions,
  token: string,
  password: string,
): Promise<boolean> {
  const reset = await resets.find(hashResetToken(token));
  if (!reset || !isOpen(reset, now())) return false;
  // Only for tokens that may work: hashing is what costs.
  const passwordHash = await hashPassword(password);
  const { id, userId, requestedAt } = reset;
  const at = new Date(now());
  const user = await users.setPassword({ userId, passwordHash, requestedAt, at });
  if (!user) return false;
  logger.info({ emailHash: hashEmailAddress(secret, user.email), resetId: id }, "Password set by a reset");
  // The user's document decides whether a reset counts; this only tells when it was used.
  await resets.markUsed(id, at).catch((error: unknown) => {
    logger.warn({ resetId: id, err: error }, "A used reset could not be marked; it does not work again");
  });
  return true;
}

function isOpen(reset: ResetDocument, now: number): reset is ResetDocument & { userId: string } {
  return reset.userId !== undefined && reset.usedAt === undefined && now < reset.expiresAt.getTime();
}
