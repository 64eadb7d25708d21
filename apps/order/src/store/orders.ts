import { Outbox, type OutboxDocument, type ServiceContext } from "@tracebridge/service";

/** The order service's view of an order. */
interface OrderDocument extends OutboxDocument {
  status: "create" | "finished" | "failed";
}

export type OrderStore = Outbox<OrderDocument>;

export function createOrderStore(
  { database, broker, logger }: Pick<ServiceContext<unknown>, "database" | "broker" | "logger">,
  afterWrite?: () => Promise<void>,
): OrderStore {
  return new Outbox({
    collection: database.collection<OrderDocument>("order"),
    publish: (message, timeoutMillis) => broker.publish(message, timeoutMillis),
    canSend: () => broker.isConnected(),
    logger,
    ...(afterWrite ? { afterWrite } : {}),
  });
}
