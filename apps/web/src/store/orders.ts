import { Outbox, type OutboxDocument, type ServiceContext } from "@tracebridge/service";

/** An order as the people who placed it see it. */
export interface OrderDocument extends OutboxDocument {
  status: "create" | "making" | "finished" | "failed";
  /** The trace the order was placed in; absent when nothing was traced. */
  traceId?: string;
}

export type OrderStore = Outbox<OrderDocument>;

export function createOrderStore({
  database,
  broker,
  logger,
}: Pick<ServiceContext<unknown>, "database" | "broker" | "logger">): OrderStore {
  return new Outbox({
    collection: database.collection<OrderDocument>("order"),
    publish: (message, timeoutMillis) => broker.publish(message, timeoutMillis),
    canSend: () => broker.isConnected(),
    logger,
  });
}
