import type { BsonDocument } from "../values/types.ts";
import { writeDocument } from "./documents.ts";
import { HEADER_BYTES, OP_MSG, OP_QUERY, OP_REPLY, type Request } from "./message.ts";

/** OP_REPLY flag AwaitCapable, which servers always set. */
const AWAIT_CAPABLE = 8;

let lastReplyId = 0;

/** The reply's bytes in the message kind that answers the request's. */
export function writeReply(request: Pick<Request, "requestId" | "opCode">, reply: BsonDocument): Buffer {
  const body = writeDocument(reply);
  const isQuery = request.opCode === OP_QUERY;
  const start = isQuery ? HEADER_BYTES + 20 : HEADER_BYTES + 5;
  const message = Buffer.alloc(start + body.length);
  lastReplyId = (lastReplyId + 1) & 0x7fffffff;
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(lastReplyId, 4);
  message.writeInt32LE(request.requestId, 8);
  message.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12);
  if (isQuery) {
    message.writeInt32LE(AWAIT_CAPABLE, HEADER_BYTES); // then cursor id 0 and starting from 0
    message.writeInt32LE(1, HEADER_BYTES + 16); // documents returned
  }
  message.set(body, start);
  return message;
}
