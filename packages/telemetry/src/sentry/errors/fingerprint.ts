import type { ErrorEvent } from "@sentry/core";

const VALIDATION = /Validation(Error|Exception)$|^ZodError$/;
/** Fastify's: https://fastify.dev/docs/latest/Reference/Errors/#fst_err_validation */
const VALIDATION_CODE = "FST_ERR_VALIDATION";

/**
 * Errors about bad input say what was bad, so Sentry would make an issue of every text. They are grouped by their type
 * and by the route that refused the input, and keep their message. All others are grouped as Sentry does.
 */
export function readFingerprint(
  event: ErrorEvent,
  error: unknown,
  transaction: string | undefined,
): string[] | undefined {
  if (event.fingerprint) return undefined;
  const type = event.exception?.values?.at(-1)?.type ?? "";
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code !== VALIDATION_CODE && !VALIDATION.test(type)) return undefined;
  return [type, transaction ?? "{{ transaction }}"];
}
