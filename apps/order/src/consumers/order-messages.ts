import {
  orderMessageSchema,
  type Delivery,
  type Logger,
  type OrderMessage,
  type OutboxMessage,
  type ServiceParts,
  type WebMessage,
} from "@tracebridge/service";
import type { OrderStore } from "../store/orders.ts";

const prefetch = 20;

/** Queue `order`: new orders from web go on to factory; what factory says goes back to web. */
export function createOrderConsumer(
  store: Pick<OrderStore, "create" | "change">,
  logger: Logger,
): ServiceParts<OrderMessage>["consumer"] {
  return {
    queue: "order",
    schema: orderMessageSchema,
    prefetch,
    businessIds: ({ id }) => ({ orderId: id }),
    handle: (delivery) =>
      delivery.message.type === "create"
        ? accept(store, delivery, delivery.message)
        : conclude(store, logger, delivery, delivery.message.type),
  };
}

async function accept(
  store: Pick<OrderStore, "create">,
  { messageId }: Delivery<OrderMessage>,
  { id, fail }: Extract<OrderMessage, { type: "create" }>,
): Promise<void> {
  const make = { queue: "factory", step: "make", body: { type: "make", id, ...(fail ? { fail } : {}) } };
  const result = await store.create({ id, status: "create" }, messageId, [make, tellWeb(id, "making")]);
  // The same message again is done already; another message for the same order is a mistake somewhere.
  if (!result.created && !result.existing.inbox?.includes(messageId)) {
    throw new Error(`order ${id} was created by another message`);
  }
}

async function conclude(
  store: Pick<OrderStore, "change">,
  logger: Logger,
  { message: { id }, messageId }: Delivery<OrderMessage>,
  status: "finished" | "failed",
): Promise<void> {
  const messages = [tellWeb(id, status)];
  const result = await store.change({ id, from: ["create"], to: status, messageId, messages });
  if (result === "missing") throw new Error(`there is no order ${id}`);
  if (result === "late") logger.warn({ orderId: id, status }, "Message came too late to change the order");
}

function tellWeb(id: string, status: WebMessage["status"]): OutboxMessage {
  return { queue: "web", step: status, body: { type: "status", id, status } satisfies WebMessage };
}
