import { serialize } from "bson";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startDatabase } from "../src/database/index.ts";
import {
  connectRaw,
  createBody,
  createFlags,
  createMessage,
  createOpMsg,
  createOpQuery,
  createSequence,
  type RawClient,
} from "./database-wire/raw-client.ts";

const OP_MSG = 2013;
const PING = { ping: 1, $db: "test" };

let database: Awaited<ReturnType<typeof startDatabase>>;
let bystander: RawClient;
let client: RawClient;

beforeAll(async () => {
  database = await startDatabase();
});

beforeEach(async () => {
  [client, bystander] = await Promise.all([connectRaw(database.port), connectRaw(database.port)]);
});

afterEach(() => {
  client.close();
  bystander.close();
});

afterAll(async () => {
  await database.close();
});

describe("messages", () => {
  test("a command in OP_MSG is answered in OP_MSG", async () => {
    client.send(createOpMsg(PING));
    expect(await client.receive()).toEqual({ responseTo: 1, opCode: OP_MSG, document: { ok: 1 } });
  });

  test("a hello in OP_QUERY is answered in OP_REPLY", async () => {
    client.send(createOpQuery("admin.$cmd", { ismaster: 1, helloOk: true }));
    const { opCode, document } = await client.receive();
    expect([opCode, document["ok"], document["ismaster"]]).toEqual([1, 1, true]);
  });

  test("bytes may arrive one at a time", async () => {
    for (const byte of createOpMsg(PING)) client.send(Uint8Array.of(byte));
    expect((await client.receive()).document).toEqual({ ok: 1 });
  });

  test("several messages in one packet are answered in order", async () => {
    client.send(Buffer.concat([createOpMsg(PING), createOpMsg({ nope: 1, $db: "test" }), createOpMsg(PING)]));
    const replies = [await client.receive(), await client.receive(), await client.receive()];
    expect(replies.map(({ document }) => Number(document["ok"]))).toEqual([1, 0, 1]);
  });

  test("a document sequence is a field of the command", async () => {
    const body = createBody({ insert: "sequence", $db: "test" });
    const documents = createSequence("documents", [{ _id: 1 }, { _id: 2 }]);
    client.send(createMessage(OP_MSG, createFlags(0), documents, body));
    expect((await client.receive()).document).toEqual({ n: 2, ok: 1 });
  });

  test("a right checksum is accepted", async () => {
    const withoutChecksum = createMessage(OP_MSG, createFlags(1), createBody(PING), Buffer.alloc(4));
    // CRC-32C of the bytes before it, computed with another implementation (the table of RFC 3720).
    const content = withoutChecksum.subarray(0, -4);
    client.send(Buffer.concat([content, createFlags(checksumBitByBit(content))]));
    expect((await client.receive()).document).toEqual({ ok: 1 });
  });

  test("moreToCome asks for no reply", async () => {
    const insert = { insert: "quiet", documents: [{ _id: 1 }], $db: "test" };
    client.send(createOpMsg(insert, 2));
    client.send(createOpMsg({ count: "quiet", $db: "test" }));
    expect((await client.receive()).document).toEqual({ n: 1, ok: 1 });
  });

  test("exhaustAllowed is a wish that may be ignored", async () => {
    client.send(createOpMsg(PING, 1 << 16));
    expect((await client.receive()).document).toEqual({ ok: 1 });
  });

  test("a command without a database is refused", async () => {
    client.send(createOpMsg({ ping: 1 }));
    expect((await client.receive()).document["code"]).toBe(40571);
  });
});

/** CRC-32C without a table, so that it cannot share a mistake with the one under test. */
function checksumBitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function createNested(depth: number): Record<string, unknown> {
  let document: Record<string, unknown> = {};
  for (let level = 0; level < depth; level++) document = { a: document };
  return document;
}

function withLength(message: Buffer, length: number): Buffer {
  const changed = Buffer.from(message);
  changed.writeInt32LE(length, 0);
  return changed;
}

function withByte(message: Buffer, offset: number, value: number): Buffer {
  const changed = Buffer.from(message);
  changed[offset] = value;
  return changed;
}

const HOSTILE: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["text", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
  ["a length of zero", withLength(createOpMsg(PING), 0)],
  ["a negative length", withLength(createOpMsg(PING), -1)],
  ["a length over 48 MB", withLength(createOpMsg(PING), 48_000_001)],
  ["an unknown opcode", createMessage(9999, createFlags(0))],
  ["a compressed message nobody agreed on", createMessage(2012, Buffer.alloc(16))],
  ["an old OP_INSERT", createMessage(2002, createFlags(0), Buffer.from("a.b\0"), serialize({}))],
  ["an OP_QUERY on a collection", createOpQuery("test.things", {})],
  ["an unknown required flag", createOpMsg(PING, 4)],
  ["a wrong checksum", createMessage(OP_MSG, createFlags(1), createBody(PING), createFlags(7))],
  ["no section", createMessage(OP_MSG, createFlags(0))],
  ["two bodies", createMessage(OP_MSG, createFlags(0), createBody(PING), createBody(PING))],
  ["an unknown section", createMessage(OP_MSG, createFlags(0), Buffer.from([7]), serialize(PING))],
  [
    "a sequence given twice",
    createMessage(
      OP_MSG,
      createFlags(0),
      createBody({ insert: "a", $db: "b", documents: [] }),
      createSequence("documents", [{}]),
    ),
  ],
  ["a document longer than its message", withByte(createOpMsg(PING), 21, 200)],
  [
    "a sequence cut short",
    withByte(createMessage(OP_MSG, createFlags(0), createSequence("documents", [{ a: 1 }])), 21, 12),
  ],
  ["an unknown BSON type", withByte(createOpMsg(PING), 25, 0x44)],
  [
    "invalid UTF-8",
    createMessage(
      OP_MSG,
      createFlags(0),
      Buffer.from([0]),
      withByte(Buffer.from(serialize({ a: "x" })), 11, 0xff),
    ),
  ],
];

/** serialize() itself would overflow its stack. */
function createDeepBytes(depth: number): Buffer {
  const size = 5 + depth * 8;
  const bytes = Buffer.alloc(size);
  for (let level = 0; level <= depth; level++) {
    const offset = level * 7;
    bytes.writeInt32LE(size - level * 8, offset);
    if (level < depth) bytes.set([3, 0x61, 0], offset + 4);
  }
  return createMessage(OP_MSG, createFlags(0), Buffer.from([0]), bytes);
}

function createPrototypeBytes(): Uint8Array {
  return serialize(JSON.parse('{"insert":"a","documents":[{"__proto__":{"isAdmin":true}}],"$db":"b"}'));
}

describe("hostile bytes", () => {
  test.each(HOSTILE)("%s close this connection and no other", async (_name, bytes) => {
    client.send(bytes);
    await client.closed();
    bystander.send(createOpMsg(PING));
    expect((await bystander.receive()).document).toEqual({ ok: 1 });
  });
});

const NOT_ACCEPTED: readonly (readonly [name: string, bytes: Buffer, code: number])[] = [
  ["documents nested 300 deep", createOpMsg({ insert: "a", documents: [createNested(300)], $db: "b" }), 15],
  ["documents nested 100,000 deep", createDeepBytes(100_000), 15],
  [
    "a field named __proto__",
    createMessage(OP_MSG, createFlags(0), Buffer.from([0]), createPrototypeBytes()),
    238,
  ],
  ["BSON's undefined", withByte(createOpMsg({ a: null, $db: "b" }), 25, 6), 238],
];

describe("damaged bytes", () => {
  const message = createMessage(
    OP_MSG,
    createFlags(0),
    createBody({ update: "a", $db: "b", ordered: true, at: new Date(0), n: 1.5 }),
    createSequence("updates", [{ q: { a: [1, { b: "x" }] }, u: { $set: { c: null } }, upsert: true }]),
  );
  const damage = fc.array(fc.tuple(fc.nat({ max: message.length - 1 }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });

  test("whatever they are, others are still served", async () => {
    const property = fc.asyncProperty(damage, async (changes) => {
      const damaged = changes.reduce((bytes, [offset, value]) => withByte(bytes, offset, value), message);
      const sender = await connectRaw(database.port);
      sender.send(damaged);
      bystander.send(createOpMsg(PING));
      expect((await bystander.receive()).document).toEqual({ ok: 1 });
      sender.close();
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

describe("whole commands that are not accepted", () => {
  test.each(NOT_ACCEPTED)("%s is an error, and the connection lives on", async (_name, bytes, code) => {
    client.send(bytes);
    expect((await client.receive()).document["code"]).toBe(code);
    client.send(createOpMsg(PING));
    expect((await client.receive()).document).toEqual({ ok: 1 });
    expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
  });
});

describe("a client that does not read", () => {
  test("is not read from either, and gets every reply once it reads", async () => {
    const filler = "x".repeat(1024 * 1024);
    client.send(createOpMsg({ insert: "big", documents: [{ _id: 1, filler }], $db: "test" }));
    await client.receive();
    const find = createOpMsg({ find: "big", $db: "test" });
    client.send(Buffer.concat(Array.from({ length: 60 }, () => find)));
    const sizes = new Set<number>();
    for (let reply = 0; reply < 60; reply++) {
      const { document } = await client.receive();
      sizes.add(document["cursor"].firstBatch[0].filler.length);
    }
    expect([...sizes]).toEqual([1024 * 1024]);
  });
});
