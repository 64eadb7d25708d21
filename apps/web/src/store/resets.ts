import {
  Outbox,
  type OutboxDocument,
  type OutboxMessage,
  type ServiceContext,
  type ServiceStore,
} from "@tracebridge/service";

/** A request to set a new password. Nothing in it opens an account. */
export interface ResetDocument extends OutboxDocument {
  status: "requested";
  /** Absent where nobody has the address: what was asked for looks the same, and leads nowhere. */
  userId?: string;
  /** See `hashResetToken`. */
  tokenHash: string;
  requestedAt: Date;
  expiresAt: Date;
  usedAt?: Date;
}

export interface ResetStore extends ServiceStore {
  create(reset: ResetDocument, messages: readonly OutboxMessage[]): Promise<void>;
  find(tokenHash: string): Promise<ResetDocument | undefined>;
  markUsed(id: string, at: Date): Promise<void>;
}

/** How long a reset is kept after it has ended, for whoever has to find out what happened. */
const keptSeconds = 24 * 60 * 60;

export function createResetStore({
  database,
  broker,
  logger,
}: Pick<ServiceContext<unknown>, "database" | "broker" | "logger">): ResetStore {
  const collection = database.collection<ResetDocument>("passwordReset");
  const outbox = new Outbox({
    collection,
    publish: (message, timeoutMillis) => broker.publish(message, timeoutMillis),
    canSend: () => broker.isConnected(),
    logger,
    // The answer to an address that somebody has must not take longer than the others.
    sendsInBackground: true,
  });
  return {
    prepare: async () => {
      await outbox.prepare();
      await collection.createIndex({ tokenHash: 1 }, { unique: true });
      await collection.createIndex({ expiresAt: 1 }, { expireAfterSeconds: keptSeconds });
    },
    startSweeper: () => outbox.startSweeper(),
    create: async (reset, messages) => void (await outbox.create(reset, reset.id, messages)),
    find: async (tokenHash) => (await collection.findOne({ tokenHash: { $eq: tokenHash } })) ?? undefined,
    markUsed: async (id, at) =>
      void (await collection.updateOne({ id: { $eq: id } }, { $set: { usedAt: at } })),
  };
}
