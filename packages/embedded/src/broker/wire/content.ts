import type { Arguments } from "../codec/method.ts";
import { ByteReader } from "../codec/bytes.ts";
import { AmqpError } from "../errors.ts";

type Publish = Arguments<"basic.publish">;

export interface PublishedContent {
  publish: Publish;
  rawProperties: Buffer;
  body: Buffer;
}

/** Puts a published message together: method, then header, then as many body frames as the header announces. */
export class ContentAssembler {
  readonly #maxBodyBytes: number;
  #publish: Publish | undefined;
  #header: { bodyBytes: number; rawProperties: Buffer } | undefined;
  #parts: Buffer[] = [];
  #received = 0;

  constructor(maxBodyBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** True between basic.publish and the end of its body: no other method may come now. */
  get isExpecting(): boolean {
    return this.#publish !== undefined;
  }

  begin(publish: Publish): void {
    this.#publish = publish;
    this.#header = undefined;
    this.#parts = [];
    this.#received = 0;
  }

  abort(): void {
    this.#publish = undefined;
    this.#parts = [];
  }

  header(payload: Buffer): PublishedContent | undefined {
    if (this.#publish === undefined || this.#header !== undefined) {
      throw new AmqpError(505, "content header frame without basic.publish", "none");
    }
    const reader = new ByteReader(payload);
    const classNumber = reader.uint16();
    if (classNumber !== 60) throw new AmqpError(505, `content header of class ${classNumber}, expected 60`);
    reader.uint16();
    const bodyBytes = reader.uint64();
    if (bodyBytes > this.#maxBodyBytes) {
      throw new AmqpError(
        406,
        `message size ${bodyBytes} is larger than configured max size ${this.#maxBodyBytes}`,
      );
    }
    // Copied: the frame's bytes belong to the socket's buffer, which a waiting message would keep alive.
    this.#header = {
      bodyBytes: Number(bodyBytes),
      rawProperties: Buffer.from(reader.slice(reader.remaining)),
    };
    return this.#complete();
  }

  body(payload: Buffer): PublishedContent | undefined {
    if (this.#header === undefined || this.#publish === undefined) {
      throw new AmqpError(505, "content body frame without content header");
    }
    this.#received += payload.length;
    if (this.#received > this.#header.bodyBytes)
      throw new AmqpError(505, "content body longer than announced");
    this.#parts.push(Buffer.from(payload));
    return this.#complete();
  }

  #complete(): PublishedContent | undefined {
    const [publish, header] = [this.#publish, this.#header];
    if (publish === undefined || header === undefined || this.#received < header.bodyBytes) return undefined;
    const [first, ...others] = this.#parts;
    const body = first !== undefined && others.length === 0 ? first : Buffer.concat(this.#parts);
    this.abort();
    return { publish, rawProperties: header.rawProperties, body };
  }
}
