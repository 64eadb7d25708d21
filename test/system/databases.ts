import { MongoClient } from "mongodb";
import type { OrderStack } from "./order-stack.ts";

/** The three databases of the stack, read without going through the services and their telemetry. */
export interface Databases {
  /** How many documents of each status a service has. */
  countByStatus(service: keyof typeof collections): Promise<Record<string, number>>;
  /** Every document's status by id. */
  statuses(service: keyof typeof collections): Promise<Map<string, string>>;
  /** Outbox entries that still wait for their confirm, over all services. */
  pendingMessages(): Promise<number>;
  close(): Promise<void>;
}

const collections = { web: "order", order: "order", factory: "item" } as const;

export async function openDatabases(stack: OrderStack): Promise<Databases> {
  const client = await MongoClient.connect(stack.servers.mongoUrl);
  const collectionOf = (service: keyof typeof collections) =>
    client.db(service).collection<{ id: string; status: string }>(collections[service]);
  const statuses = async (service: keyof typeof collections): Promise<Map<string, string>> => {
    const documents = await collectionOf(service).find({}).toArray();
    return new Map(documents.map(({ id, status }) => [id, status]));
  };
  return {
    statuses,
    countByStatus: async (service) => {
      const counts: Record<string, number> = {};
      for (const status of (await statuses(service)).values()) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    },
    pendingMessages: async () => {
      const services = ["web", "order", "factory"] as const;
      const counts = await Promise.all(
        services.map((service) => collectionOf(service).countDocuments({ outboxDueAt: { $exists: true } })),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    close: () => client.close(),
  };
}
