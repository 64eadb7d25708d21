import { randomUUID } from "node:crypto";
import { MongoClient, type Collection } from "mongodb";
import type { OutboxDocument } from "../../src/outbox/index.ts";

/** A database of its own for one test file. */
export interface TestCollections {
  /** A new, empty collection. */
  create(): Collection<OutboxDocument>;
  close(): Promise<void>;
}

export async function openTestCollections(url: string): Promise<TestCollections> {
  const client = await MongoClient.connect(url);
  const db = client.db(`test-${randomUUID()}`);
  return {
    create: () => db.collection<OutboxDocument>(`c-${randomUUID()}`),
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
}
