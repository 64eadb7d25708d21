import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Refusal } from "./answer.ts";

/** For a body as it comes, and again unpacked: many times what a page sends at once. */
const MAX_BODY_BYTES = 1_048_576;
/** A body that is longer under way is given up on. */
const MAX_BODY_MILLIS = 10_000;

export interface RequestBody {
  /** As it came. */
  readonly packed: Buffer;
  readonly encoding: "gzip" | undefined;
  readonly text: string;
}

/**
 * Reads a body of bounded length in bounded time; what is too long is not kept.
 * @throws Refusal 400, 408, 413 or 415
 */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const encoding = readEncoding(request);
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) throw createTooLarge();
  const packed = await collect(request);
  const bytes = encoding === "gzip" ? await unpack(packed) : packed;
  return { packed, encoding, text: bytes.toString("utf8") };
}

function readEncoding({ headers }: IncomingMessage): "gzip" | undefined {
  const encoding = (headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding === "gzip") return encoding;
  if (encoding === "identity") return undefined;
  throw new Refusal(415, "the content encoding must be gzip, or none");
}

function collect(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (tell: () => void): void => {
      clearTimeout(timer);
      request.off("data", add);
      tell();
    };
    const refuse = (refusal: Refusal): void => settle(() => reject(refusal));
    const add = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) refuse(createTooLarge());
      else chunks.push(chunk);
    };
    const timer = setTimeout(() => refuse(new Refusal(408, "the body takes too long")), MAX_BODY_MILLIS);
    request.on("data", add);
    request.once("end", () => settle(() => resolve(Buffer.concat(chunks))));
    request.once("error", () => refuse(createCutOff()));
    request.once("close", () => refuse(createCutOff()));
  });
}

async function unpack(packed: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    const isTooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw isTooLarge ? createTooLarge() : new Refusal(400, "the body is not gzip");
  }
}

function createTooLarge(): Refusal {
  return new Refusal(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
}

function createCutOff(): Refusal {
  return new Refusal(400, "the body was cut off");
}
