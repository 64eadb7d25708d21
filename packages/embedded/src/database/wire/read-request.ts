import type { BsonDocument } from "../values/types.ts";
import { crc32c } from "./crc32c.ts";
import { readDocument } from "./documents.ts";
import { MAX_COMMAND_BYTES } from "./limits.ts";
import {
  CHECKSUM_PRESENT,
  HEADER_BYTES,
  MORE_TO_COME,
  OP_MSG,
  OP_QUERY,
  type Request,
  REQUIRED_FLAGS,
  WireError,
} from "./message.ts";

/**
 * Reads one whole message. Throws a WireError, bson's error or RangeError for bytes that make no sense, a
 * DatabaseError for a command that is whole but not accepted.
 */
export function readRequest(message: Buffer): Request {
  const opCode = message.readInt32LE(12);
  if (opCode === OP_MSG) return readOpMsg(message);
  if (opCode === OP_QUERY) return readOpQuery(message);
  throw new WireError(`unsupported opcode ${opCode}`);
}

function readSized(message: Buffer, offset: number, end: number): Buffer {
  if (offset + 5 > end) throw new WireError("section ends too early");
  const size = message.readInt32LE(offset);
  if (size < 5 || offset + size > end) throw new WireError(`section of ${size} bytes does not fit`);
  return message.subarray(offset, offset + size);
}

function readSequence(section: Buffer): { name: string; documents: BsonDocument[] } {
  const zero = section.indexOf(0, 4);
  if (zero < 0) throw new WireError("document sequence without a name");
  const documents: BsonDocument[] = [];
  for (let offset = zero + 1; offset < section.length;) {
    const bytes = readSized(section, offset, section.length);
    documents.push(readDocument(bytes));
    offset += bytes.length;
  }
  return { name: section.toString("utf8", 4, zero), documents };
}

function checkFlags(message: Buffer, flags: number): number {
  const unknown = flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME);
  if (unknown !== 0) throw new WireError(`unknown required flag bits ${unknown}`);
  if ((flags & CHECKSUM_PRESENT) === 0) return message.length;
  const end = message.length - 4;
  if (end < HEADER_BYTES + 4 || message.readUInt32LE(end) !== crc32c(message.subarray(0, end))) {
    throw new WireError("checksum does not match");
  }
  return end;
}

function readOpMsg(message: Buffer): Request {
  const flags = message.readUInt32LE(HEADER_BYTES);
  const end = checkFlags(message, flags);
  let body: BsonDocument | undefined;
  const sequences = new Map<string, BsonDocument[]>();
  for (let offset = HEADER_BYTES + 4; offset < end;) {
    const kind = message[offset];
    const section = readSized(message, offset + 1, end);
    if (kind === 0) {
      if (body) throw new WireError("two body sections");
      if (section.length > MAX_COMMAND_BYTES) throw new WireError("command is larger than 16 MiB");
      body = readDocument(section);
    } else if (kind === 1) {
      const { name, documents } = readSequence(section);
      if (sequences.has(name)) throw new WireError(`two document sequences named '${name}'`);
      sequences.set(name, documents);
    } else {
      throw new WireError(`unknown section kind ${kind}`);
    }
    offset += 1 + section.length;
  }
  if (!body) throw new WireError("no body section");
  for (const [name, documents] of sequences) {
    if (Object.hasOwn(body, name) || name === "__proto__") throw new WireError(`field '${name}' given twice`);
    body[name] = documents;
  }
  return {
    requestId: message.readInt32LE(4),
    opCode: OP_MSG,
    command: body,
    wantsReply: (flags & MORE_TO_COME) === 0,
  };
}

/** Drivers still say their first hello in an OP_QUERY to `admin.$cmd`; nothing else may use it since MongoDB 5.1. */
function readOpQuery(message: Buffer): Request {
  const zero = message.indexOf(0, HEADER_BYTES + 4);
  if (zero < 0) throw new WireError("OP_QUERY without a collection name");
  const namespace = message.toString("utf8", HEADER_BYTES + 4, zero);
  if (!namespace.endsWith(".$cmd")) throw new WireError("OP_QUERY on a collection");
  const query = readDocument(readSized(message, zero + 9, message.length));
  const wrapped = query["$query"];
  const command = typeof wrapped === "object" && wrapped !== null ? (wrapped as BsonDocument) : query;
  command["$db"] = namespace.slice(0, -".$cmd".length);
  return { requestId: message.readInt32LE(4), opCode: OP_QUERY, command, wantsReply: true };
}
