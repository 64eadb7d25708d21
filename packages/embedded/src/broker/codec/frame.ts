import { AmqpError } from "../errors.ts";
import { ByteWriter } from "./bytes.ts";
import type { MethodName } from "./method-table.ts";
import { writeMethod, type Arguments } from "./method.ts";

export const frameTypes = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;

/** "AMQP", then 0, major, minor and revision number. */
export const protocolHeader = Buffer.from("AMQP\u0000\u0000\u0009\u0001", "latin1");

const frameEnd = 0xce;
const headBytes = 7;
/** What a frame is longer than its payload: head and end octet. */
const frameOverheadBytes = headBytes + 1;

export const heartbeatFrame = Buffer.from([frameTypes.heartbeat, 0, 0, 0, 0, 0, 0, frameEnd]);

export interface Frame {
  type: number;
  channel: number;
  payload: Buffer;
}

/** Cuts a byte stream into frames. Bytes are joined only when a frame came in several pieces. */
export class FrameReader {
  /** Bytes of the longest frame accepted, head and end included. */
  maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = headBytes;

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Yields every frame that is complete now. Throws FRAME_ERROR. */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= this.#needed) {
      const [first, ...others] = this.#chunks;
      if (first === undefined) return;
      const bytes = others.length === 0 ? first : Buffer.concat(this.#chunks, this.#length);
      const frameBytes = this.#readFrameBytes(bytes);
      if (bytes.length < frameBytes) {
        this.#chunks = [bytes];
        this.#needed = frameBytes;
        return;
      }
      if (bytes[frameBytes - 1] !== frameEnd) throw new AmqpError(501, "a frame does not end with octet 206");
      const rest = bytes.subarray(frameBytes);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#length = rest.length;
      this.#needed = headBytes;
      const payload = bytes.subarray(headBytes, frameBytes - 1);
      yield { type: bytes.readUInt8(0), channel: bytes.readUInt16BE(1), payload };
    }
  }

  #readFrameBytes(bytes: Buffer): number {
    const frameBytes = bytes.readUInt32BE(3) + frameOverheadBytes;
    if (frameBytes > this.maxFrameBytes) {
      throw new AmqpError(
        501,
        `a frame of ${frameBytes} bytes is larger than the ${this.maxFrameBytes} agreed`,
      );
    }
    return frameBytes;
  }
}

function createFrame(
  type: number,
  channel: number,
  write: (writer: ByteWriter) => void,
  capacityBytes?: number,
): Buffer {
  const writer = new ByteWriter(capacityBytes).uint8(type).uint16(channel).uint32(0);
  write(writer);
  writer.patchUint32(3, writer.length - headBytes);
  return writer.uint8(frameEnd).bytes();
}

export function createMethodFrame<N extends MethodName>(
  channel: number,
  name: N,
  args: Arguments<N>,
): Buffer {
  return createFrame(frameTypes.method, channel, (writer) => writeMethod(writer, name, args));
}

/** Content header from the property bytes exactly as the publisher sent them. */
export function createHeaderFrame(channel: number, bodyBytes: number, rawProperties: Buffer): Buffer {
  return createFrame(frameTypes.header, channel, (writer) => {
    writer.uint16(60).uint16(0).uint64(BigInt(bodyBytes)).raw(rawProperties);
  });
}

/** The body in frames no longer than the limit; an empty body has none. */
export function createBodyFrames(channel: number, body: Buffer, maxFrameBytes: number): Buffer[] {
  const frames: Buffer[] = [];
  const step = maxFrameBytes - frameOverheadBytes;
  for (let at = 0; at < body.length; at += step) {
    const part = body.subarray(at, at + step);
    frames.push(
      createFrame(frameTypes.body, channel, (writer) => writer.raw(part), part.length + frameOverheadBytes),
    );
  }
  return frames;
}
