import { STATUS_CODES } from "node:http";

/** What the caller is told of an error. */
export interface ErrorAnswer {
  /** 400 to 599. */
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const MAX_MESSAGE_LENGTH = 500;

/**
 * `{ error, requestId }` with the status the error names (`statusCode` or `status`), otherwise 500. The message of an
 * error is shown below 500 only, and not where `expose` is false: https://github.com/jshttp/http-errors
 */
export function createErrorAnswer(error: unknown, requestId: string | undefined): ErrorAnswer {
  const fields = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  const status = readStatus(fields["statusCode"]) ?? readStatus(fields["status"]) ?? 500;
  const { message, expose } = fields;
  const isShown = status < 500 && expose !== false && typeof message === "string" && message !== "";
  const text = isShown ? message.slice(0, MAX_MESSAGE_LENGTH) : (STATUS_CODES[status] ?? "Error");
  return { status, body: { error: text, ...(requestId !== undefined && { requestId }) } };
}

function readStatus(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 400 && value <= 599
    ? value
    : undefined;
}
