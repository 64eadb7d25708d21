import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { deserialize, type Document, serialize } from "bson";

const OP_MSG = 2013;
const OP_QUERY = 2004;

/** The 16 bytes in front of every message. */
function createHeader(length: number, opCode: number, requestId = 1): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(opCode, 12);
  return header;
}

export function createMessage(opCode: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([createHeader(16 + body.length, opCode), body]);
}

export function createFlags(flags: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(flags);
  return bytes;
}

/** Section kind 0: the command. */
export function createBody(command: Document): Buffer {
  return Buffer.concat([Buffer.from([0]), serialize(command)]);
}

/** Section kind 1: a document sequence. */
export function createSequence(name: string, documents: readonly Document[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => serialize(document)),
  ]);
  const size = Buffer.alloc(4);
  size.writeInt32LE(content.length + 4);
  return Buffer.concat([Buffer.from([1]), size, content]);
}

export function createOpMsg(command: Document, flags = 0): Buffer {
  return createMessage(OP_MSG, createFlags(flags), createBody(command));
}

export function createOpQuery(namespace: string, query: Document): Buffer {
  const limits = Buffer.alloc(8);
  limits.writeInt32LE(-1, 4);
  return createMessage(OP_QUERY, createFlags(0), Buffer.from(`${namespace}\0`), limits, serialize(query));
}

interface Reply {
  readonly responseTo: number;
  readonly opCode: number;
  readonly document: Document;
}

/** A client that sends any bytes. */
export interface RawClient {
  send(bytes: Uint8Array): void;
  /** The next reply; rejects when the server closes the connection instead. */
  receive(): Promise<Reply>;
  /** Resolves when the server has closed the connection. */
  closed(): Promise<void>;
  close(): void;
}

function readReply(message: Buffer): Reply {
  const opCode = message.readInt32LE(12);
  const start = opCode === OP_MSG ? 21 : 36;
  return { responseTo: message.readInt32LE(8), opCode, document: deserialize(message.subarray(start)) };
}

export async function connectRaw(port: number): Promise<RawClient> {
  const socket: Socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let received = Buffer.alloc(0);
  let isClosed = false;
  let wake = (): void => {};
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    isClosed = true;
    wake();
  });
  const waitUntil = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    send: (bytes) => void socket.write(bytes),
    receive: async () => {
      const isWhole = (): boolean => received.length >= 16 && received.length >= received.readInt32LE(0);
      await waitUntil(() => isWhole() || isClosed);
      if (!isWhole()) throw new Error("the server closed the connection");
      const size = received.readInt32LE(0);
      const reply = readReply(received.subarray(0, size));
      received = received.subarray(size);
      return reply;
    },
    closed: () => waitUntil(() => isClosed),
    close: () => socket.destroy(),
  };
}
