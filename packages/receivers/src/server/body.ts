import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { ReceiverError } from "../receiver-error.ts";
import type { MemoryClaim } from "./memory.ts";

/** The largest body that is accepted, in bytes, as sent and as unpacked. */
const maxBodyBytes = 20 * 1024 * 1024;
/** What is beyond the largest body is read and thrown away up to here; then the connection is cut. */
const maxReadBytes = 5 * maxBodyBytes;
/** Each may need the memory of the largest body before its size is known. */
const maxUnpackings = 4;

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const unpackers: Record<string, Unpack> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

let unpackings = 0;
const waiting: (() => void)[] = [];

/**
 * Reads a request's body and unpacks it. All that is held is claimed.
 *
 * @throws ReceiverError `BODY_TOO_LARGE`, `BODY_NOT_DECODABLE`, `CONTENT_ENCODING_UNKNOWN` or `UNAVAILABLE`
 */
export async function readBody(request: IncomingMessage, claim: MemoryClaim): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  let refusal: ReceiverError | undefined;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    refusal ??= length > maxBodyBytes ? tooLarge() : claim.take(chunk.length);
    // What follows is read and thrown away, so that the sender hears the answer instead of a broken connection.
    if (!refusal) chunks.push(chunk);
    else if (length > maxReadBytes) throw refusal;
    else chunks.length = 0;
  }
  if (refusal) throw refusal;
  const packed = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  return unpack(packed, request.headers["content-encoding"]?.toLowerCase(), claim);
}

async function unpack(bytes: Buffer, encoding: string | undefined, claim: MemoryClaim): Promise<Buffer> {
  if (encoding === undefined || encoding === "" || encoding === "identity") return bytes;
  const unpacker = Object.hasOwn(unpackers, encoding) ? unpackers[encoding] : undefined;
  if (!unpacker) {
    throw new ReceiverError(
      "CONTENT_ENCODING_UNKNOWN",
      `content-encoding is one of ${Object.keys(unpackers).join(", ")}, not "${encoding}"`,
    );
  }
  const unpacked = await inTurn(() => unpackAs(encoding, unpacker, bytes));
  const refusal = claim.take(unpacked.length);
  if (refusal) throw refusal;
  return unpacked;
}

async function unpackAs(encoding: string, unpacker: Unpack, bytes: Buffer): Promise<Buffer> {
  try {
    return await unpacker(bytes, { maxOutputLength: maxBodyBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw new ReceiverError("BODY_NOT_DECODABLE", `the body is no ${encoding}`, { cause });
  }
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (unpackings < maxUnpackings) unpackings += 1;
  else await new Promise<void>((resolve) => void waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else unpackings -= 1;
  }
}

function tooLarge(): ReceiverError {
  return new ReceiverError("BODY_TOO_LARGE", `a body may have ${maxBodyBytes} bytes at most`);
}
