import { Outbox, type OutboxDocument, type ServiceContext } from "@tracebridge/service";

/** An item being made for an order; it has the order's id. */
export interface ItemDocument extends OutboxDocument {
  status: "making" | "finished" | "failed";
}

export type ItemStore = Outbox<ItemDocument>;

export function createItemStore({
  database,
  broker,
  logger,
}: Pick<ServiceContext<unknown>, "database" | "broker" | "logger">): ItemStore {
  return new Outbox({
    collection: database.collection<ItemDocument>("item"),
    publish: (message, timeoutMillis) => broker.publish(message, timeoutMillis),
    canSend: () => broker.isConnected(),
    logger,
  });
}
