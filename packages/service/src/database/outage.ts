import {
  MongoAPIError,
  MongoError,
  MongoNotConnectedError,
  MongoServerError,
  MongoTopologyClosedError,
} from "mongodb";

/**
 * What a server answers while it shuts down, steps down or cannot reach its peers: the retryable errors of
 * https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md#determining-retryable-errors
 */
const passingCodes: ReadonlySet<unknown> = new Set([
  6, 7, 89, 91, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436,
]);

/** The driver passes the socket's own error on when the connection breaks while a command is written to it. */
const brokenSocketCodes: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);

/** Whether the database cannot be reached or cannot work now, as opposed to having refused what was asked. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof MongoError)) {
    return error instanceof Error && "code" in error && brokenSocketCodes.has(error.code);
  }
  if (error instanceof MongoServerError) return passingCodes.has(error.code);
  // The driver's own complaints about its caller; these two say that it has no connection.
  if (error instanceof MongoNotConnectedError || error instanceof MongoTopologyClosedError) return true;
  return !(error instanceof MongoAPIError);
}
