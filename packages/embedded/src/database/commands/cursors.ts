import { Long } from "bson";
import { createError } from "../errors.ts";
import { readNumber } from "../values/numbers.ts";
import type { BsonDocument } from "../values/types.ts";
import { measureDocument } from "../wire/documents.ts";
import { MAX_DOCUMENT_BYTES } from "../wire/limits.ts";

/** MongoDB's defaults: https://www.mongodb.com/docs/manual/tutorial/iterate-a-cursor/ */
const FIRST_BATCH_DOCUMENTS = 101;
const IDLE_MILLIS = 10 * 60 * 1000;
const MAX_OPEN = 1000;

interface OpenCursor {
  readonly namespace: string;
  readonly documents: readonly BsonDocument[];
  /** The logical session the cursor ends with. */
  readonly session: string | undefined;
  position: number;
  usedAtMillis: number;
}

export interface CursorRequest {
  readonly namespace: string;
  readonly documents: readonly BsonDocument[];
  readonly batchSize: number | undefined;
  /** `singleBatch`: what does not fit is not wanted. */
  readonly isSingleBatch?: boolean;
  readonly session?: string | undefined;
}

/** Open cursors. Each holds the documents as they were when it was opened. */
export class Cursors {
  readonly #open = new Map<bigint, OpenCursor>();
  #lastId = 0n;

  /** The reply of a command that returns a cursor. */
  start({ namespace, documents, batchSize, isSingleBatch, session }: CursorRequest): BsonDocument {
    const firstBatch = cutBatch(documents, 0, batchSize ?? FIRST_BATCH_DOCUMENTS);
    const isDone = isSingleBatch === true || firstBatch.length === documents.length;
    const id = isDone ? 0n : this.#add({ namespace, documents, session, position: firstBatch.length });
    return { cursor: { firstBatch, id: Long.fromBigInt(id), ns: namespace }, ok: 1 };
  }

  next(id: bigint, namespace: string, batchSize: number | undefined): BsonDocument {
    const cursor = this.#open.get(id);
    if (!cursor) throw createError("CursorNotFound", `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw createError(
        "Unauthorized",
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    const nextBatch = cutBatch(cursor.documents, cursor.position, batchSize || Infinity);
    cursor.position += nextBatch.length;
    cursor.usedAtMillis = Date.now();
    const isDone = cursor.position >= cursor.documents.length;
    if (isDone) this.#open.delete(id);
    return { cursor: { nextBatch, id: Long.fromBigInt(isDone ? 0n : id), ns: namespace }, ok: 1 };
  }

  /** False when there is no such cursor. */
  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  killSession(session: string): void {
    for (const [id, cursor] of this.#open) if (cursor.session === session) this.#open.delete(id);
  }

  /** Cursors on a collection that is dropped or renamed. */
  killNamespace(isAffected: (namespace: string) => boolean): void {
    for (const [id, cursor] of this.#open) if (isAffected(cursor.namespace)) this.#open.delete(id);
  }

  removeIdle(nowMillis: number): void {
    for (const [id, cursor] of this.#open) {
      if (nowMillis - cursor.usedAtMillis > IDLE_MILLIS) this.#open.delete(id);
    }
  }

  get size(): number {
    return this.#open.size;
  }

  #add(cursor: Omit<OpenCursor, "usedAtMillis">): bigint {
    if (this.#open.size >= MAX_OPEN) {
      throw createError("ExceededMemoryLimit", `too many open cursors: the limit is ${MAX_OPEN}`);
    }
    this.#lastId += 1n;
    this.#open.set(this.#lastId, { ...cursor, usedAtMillis: Date.now() });
    return this.#lastId;
  }
}

/** As many documents as asked for and as fit into 16 MiB, at least one. */
function cutBatch(documents: readonly BsonDocument[], start: number, count: number): BsonDocument[] {
  const batch: BsonDocument[] = [];
  let bytes = 0;
  for (let index = start; index < documents.length && batch.length < count; index++) {
    const document = documents[index];
    if (!document) break;
    bytes += measureDocument(document);
    if (batch.length > 0 && bytes > MAX_DOCUMENT_BYTES) break;
    batch.push(document);
  }
  return batch;
}

export function readCursorId(value: unknown): bigint {
  const number = readNumber(value);
  if (number === undefined || (typeof number === "number" && !Number.isInteger(number))) {
    throw createError("TypeMismatch", "cursor ids are int64 numbers");
  }
  return BigInt(number);
}
