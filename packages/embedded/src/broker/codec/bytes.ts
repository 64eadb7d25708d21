import { AmqpError } from "../errors.ts";

/**
 * Reads big-endian values and never past the end: a short block is a FRAME_ERROR.
 * Text is read as latin1, one character per byte, so that names and keys of any bytes survive unchanged.
 */
export class ByteReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  #take(count: number): number {
    if (count > this.remaining) throw new AmqpError(501, `${count} bytes expected, ${this.remaining} left`);
    const at = this.#offset;
    this.#offset += count;
    return at;
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }
  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }
  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }
  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }
  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }
  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }
  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }
  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }
  float(): number {
    return this.#bytes.readFloatBE(this.#take(4));
  }
  double(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }
  slice(count: number): Buffer {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }
  shortString(): string {
    return this.slice(this.uint8()).toString("latin1");
  }
  longString(): string {
    return this.slice(this.uint32()).toString("latin1");
  }
  end(): void {
    if (this.remaining > 0) throw new AmqpError(501, `${this.remaining} bytes too many`);
  }
}

/** Writes big-endian values into a buffer that grows. Text is latin1, as in {@link ByteReader}. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacityBytes = 256) {
    this.#bytes = Buffer.allocUnsafe(capacityBytes);
  }

  get length(): number {
    return this.#length;
  }

  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    this.#length = needed;
    return at;
  }

  uint8(value: number): this {
    const at = this.#reserve(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }
  int8(value: number): this {
    const at = this.#reserve(1);
    this.#bytes.writeInt8(value, at);
    return this;
  }
  uint16(value: number): this {
    const at = this.#reserve(2);
    this.#bytes.writeUInt16BE(value, at);
    return this;
  }
  int16(value: number): this {
    const at = this.#reserve(2);
    this.#bytes.writeInt16BE(value, at);
    return this;
  }
  uint32(value: number): this {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32BE(value, at);
    return this;
  }
  int32(value: number): this {
    const at = this.#reserve(4);
    this.#bytes.writeInt32BE(value, at);
    return this;
  }
  uint64(value: bigint): this {
    const at = this.#reserve(8);
    this.#bytes.writeBigUInt64BE(value, at);
    return this;
  }
  int64(value: bigint): this {
    const at = this.#reserve(8);
    this.#bytes.writeBigInt64BE(value, at);
    return this;
  }
  float(value: number): this {
    const at = this.#reserve(4);
    this.#bytes.writeFloatBE(value, at);
    return this;
  }
  double(value: number): this {
    const at = this.#reserve(8);
    this.#bytes.writeDoubleBE(value, at);
    return this;
  }
  raw(value: Buffer): this {
    const at = this.#reserve(value.length);
    value.copy(this.#bytes, at);
    return this;
  }
  shortString(value: string): this {
    return this.uint8(value.length).raw(Buffer.from(value, "latin1"));
  }
  longString(value: string): this {
    return this.uint32(value.length).raw(Buffer.from(value, "latin1"));
  }
  /** Overwrites four bytes written earlier: lengths are known only afterwards. */
  patchUint32(at: number, value: number): void {
    this.#bytes.writeUInt32BE(value, at);
  }
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
