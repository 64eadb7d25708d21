export type ReceiverErrorCode =
  | "BODY_TOO_LARGE"
  | "BODY_NOT_DECODABLE"
  | "CONTENT_ENCODING_UNKNOWN"
  | "CONTENT_TYPE_UNKNOWN"
  | "ENVELOPE_MALFORMED"
  | "OTLP_MALFORMED"
  | "UNAVAILABLE";

const statusOf: Record<ReceiverErrorCode, number> = {
  BODY_TOO_LARGE: 413,
  BODY_NOT_DECODABLE: 400,
  CONTENT_ENCODING_UNKNOWN: 415,
  CONTENT_TYPE_UNKNOWN: 415,
  ENVELOPE_MALFORMED: 400,
  OTLP_MALFORMED: 400,
  UNAVAILABLE: 503,
};

/**
 * Why a request is refused; `status` is the HTTP status that tells its sender so. `UNAVAILABLE` is no fault of the sender:
 * it is asked to send the same once more, a little later.
 */
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
