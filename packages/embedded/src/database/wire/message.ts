import type { BsonDocument } from "../values/types.ts";

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;

export const HEADER_BYTES = 16;

export const CHECKSUM_PRESENT = 1;
export const MORE_TO_COME = 1 << 1;
/** The low 16 flag bits must be understood by the receiver, the high ones may be ignored (exhaustAllowed is 1 << 16). */
export const REQUIRED_FLAGS = 0xffff;

/** One request, whatever message kind carried it. */
export interface Request {
  readonly requestId: number;
  /** The reply goes back in the message kind that belongs to the request's. */
  readonly opCode: typeof OP_MSG | typeof OP_QUERY;
  readonly command: BsonDocument;
  /** False for a fire-and-forget write (`w: 0`). */
  readonly wantsReply: boolean;
}

/** Bytes that are not the MongoDB wire protocol: the connection cannot go on. */
export class WireError extends Error {
  override readonly name = "WireError";
}
