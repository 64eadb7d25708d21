import { MongoServerError } from "mongodb";

const duplicateKeyCode = 11_000;

/** Whether a unique index refused a document. The message of such an error quotes the value: it is no text for a log. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKeyCode;
}
