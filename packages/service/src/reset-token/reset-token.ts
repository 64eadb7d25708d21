import { createHash, createHmac } from "node:crypto";

/**
 * The token of a reset link. It is worked out wherever it is needed and stored nowhere: neither a database nor a
 * message in a queue holds anything that opens an account.
 *
 * @param id of the reset request; unique and not a secret
 */
export function createResetToken(secret: string, id: string): string {
  return createHmac("sha256", secret).update(id, "utf8").digest("base64url");
}

/** What is stored of a token: enough to recognise it, not enough to make it. */
export function hashResetToken(token: string): string {
  return createHash("sha256").update(token, "utf8").digest("hex");
}
