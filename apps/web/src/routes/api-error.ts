interface ApiErrorDetails {
  /** The field of the request that is wrong. */
  field?: string;
  /** When it makes sense to ask again: the header `Retry-After`. */
  retryAfterSeconds?: number;
}

/** An answer other than the wanted one: `{error: {code, message, field?}}`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly details: ApiErrorDetails;

  constructor(status: number, code: string, message: string, details: ApiErrorDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** The answer while the database cannot be reached or is not set up yet. */
export function createDatabaseAwayError(): ApiError {
  return new ApiError(503, "unavailable", "the database is away; try again");
}
