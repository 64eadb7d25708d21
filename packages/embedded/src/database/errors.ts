/**
 * MongoDB's numeric error codes that this database answers with.
 * Source: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
 */
const CODES = {
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  ExceededMemoryLimit: 146,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  NotImplemented: 238,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
} as const;

export type ErrorName = keyof typeof CODES;

/** An error that reaches the client as a MongoDB error reply (`code`, `codeName`, `errmsg` and extra fields). */
export class DatabaseError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: number, codeName: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = "DatabaseError";
    this.code = code;
    this.codeName = codeName;
    this.details = details;
  }
}

export function createError(
  name: ErrorName,
  message: string,
  details?: Record<string, unknown>,
): DatabaseError {
  return new DatabaseError(CODES[name], name, message, details);
}

/** Codes without a name of their own are called `Location<code>`, as MongoDB does. */
export function createLocationError(code: number, message: string): DatabaseError {
  return new DatabaseError(code, `Location${code}`, message);
}

/** What MongoDB can do and this stand-in cannot: refused, so that a result is never silently wrong. */
export function createUnsupportedError(what: string): DatabaseError {
  return createError("NotImplemented", `The embedded database does not support ${what}`);
}

/** The reply of a command that failed. */
export function createErrorReply({
  code,
  codeName,
  message,
  details,
}: DatabaseError): Record<string, unknown> {
  return { ok: 0, errmsg: message, code, codeName, ...details };
}
