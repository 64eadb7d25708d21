import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { ReceiverError } from "../receiver-error.ts";

/** The largest body that is accepted, in bytes, as sent and as unpacked. */
const maxBodyBytes = 20 * 1024 * 1024;

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const unpackers: Record<string, Unpack> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Reads a request's body and unpacks it.
 *
 * @throws ReceiverError `BODY_TOO_LARGE` or `BODY_NOT_DECODABLE`
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // What follows is read and thrown away, so that the sender hears the answer instead of a broken connection.
    if (length <= maxBodyBytes) chunks.push(chunk);
  }
  if (length > maxBodyBytes) throw tooLarge();
  return unpack(Buffer.concat(chunks), request.headers["content-encoding"]?.toLowerCase());
}

async function unpack(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === "" || encoding === "identity") return bytes;
  const unpacker = unpackers[encoding];
  if (!unpacker) throw new ReceiverError("BODY_NOT_DECODABLE", `content-encoding "${encoding}" is not known`);
  try {
    return await unpacker(bytes, { maxOutputLength: maxBodyBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw new ReceiverError("BODY_NOT_DECODABLE", `the body is no ${encoding}`, { cause });
  }
}

function tooLarge(): ReceiverError {
  return new ReceiverError("BODY_TOO_LARGE", `a body may have ${maxBodyBytes} bytes at most`);
}
