import { randomUUID } from "node:crypto";
import type { Database, ServiceStore } from "@tracebridge/service";

/** What became of one request for a mail. Whom it is for is not kept. */
interface MailDocument {
  /** That of the request. */
  id: string;
  status: "sending" | "sent";
  /** When the request is of no use any more, and with it this document. */
  expiresAt: Date;
  /** Whose turn it is; only while it is being sent. */
  claim?: string;
  /** From then on somebody else may send it; only while it is being sent. */
  leaseEndsAt?: Date;
  sentAt?: Date;
}

/**
 * - `claimed`: it is the caller's turn, until the lease ends; nobody else sends it meanwhile
 * - `busy`: it is somebody else's turn
 * - `sent`: there is nothing left to do
 */
type ClaimResult = { state: "claimed"; claim: string } | { state: "busy" } | { state: "sent" };

export interface MailStore extends ServiceStore {
  claim(mail: { id: string; expiresAt: Date }): Promise<ClaimResult>;
  markSent(id: string): Promise<void>;
  /** Ends the turn of `claim`, so that the next one need not wait for the end of the lease. */
  release(id: string, claim: string): Promise<void>;
}

/** Longer than any hand-over takes: see the deadlines in `smtp/mail-sender.ts`. */
const leaseMillis = 20_000;
/** How long one can still look what became of a request that is of no use any more. */
const keptSeconds = 24 * 60 * 60;

/** Collection `mail`: one document for each request, so that each is sent by one mailer at a time, and once. */
export function createMailStore(database: Pick<Database, "collection">): MailStore {
  const collection = database.collection<MailDocument>("mail");
  return {
    prepare: async () => {
      await collection.createIndex({ id: 1 }, { unique: true });
      await collection.createIndex({ expiresAt: 1 }, { expireAfterSeconds: keptSeconds });
    },
    claim: async ({ id, expiresAt }) => {
      const claim = randomUUID();
      const turn = { claim, leaseEndsAt: new Date(Date.now() + leaseMillis) };
      const first = await collection.updateOne(
        { id: { $eq: id } },
        { $setOnInsert: { status: "sending", expiresAt, ...turn } },
        { upsert: true },
      );
      if (first.upsertedCount === 1) return { state: "claimed", claim };
      const later = await collection.updateOne(
        { id: { $eq: id }, status: "sending", leaseEndsAt: { $lte: new Date() } },
        { $set: turn },
      );
      if (later.modifiedCount === 1) return { state: "claimed", claim };
      const existing = await collection.findOne({ id: { $eq: id } }, { projection: { status: 1 } });
      return { state: existing?.status === "sent" ? "sent" : "busy" };
    },
    markSent: async (id) => {
      const sent = {
        $set: { status: "sent", sentAt: new Date() },
        $unset: { claim: 1, leaseEndsAt: 1 },
      } as const;
      await collection.updateOne({ id: { $eq: id } }, sent);
    },
    release: async (id, claim) => {
      await collection.updateOne(
        { id: { $eq: id }, claim: { $eq: claim } },
        { $set: { leaseEndsAt: new Date(0) } },
      );
    },
  };
}
