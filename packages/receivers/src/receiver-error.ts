export type ReceiverErrorCode =
  | "BODY_TOO_LARGE"
  | "BODY_NOT_DECODABLE"
  | "CONTENT_TYPE_UNKNOWN"
  | "ENVELOPE_MALFORMED"
  | "OTLP_MALFORMED";

const statusOf: Record<ReceiverErrorCode, number> = {
  BODY_TOO_LARGE: 413,
  BODY_NOT_DECODABLE: 400,
  CONTENT_TYPE_UNKNOWN: 415,
  ENVELOPE_MALFORMED: 400,
  OTLP_MALFORMED: 400,
};

/** What a sender did wrong; `status` is the HTTP status that tells it so. */
export class ReceiverError extends Error {
  override readonly name = "ReceiverError";
  readonly code: ReceiverErrorCode;
  readonly status: number;

  constructor(code: ReceiverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = statusOf[code];
  }
}
