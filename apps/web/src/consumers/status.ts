import {
  webMessageSchema,
  type Delivery,
  type Logger,
  type ServiceParts,
  type WebMessage,
} from "@tracebridge/service";
import type { OrderDocument, OrderStore } from "../store/orders.ts";

const prefetch = 20;

/** What each status may follow: nothing ever goes backwards, and the first end is the end. */
const mayFollow: Record<WebMessage["status"], readonly OrderDocument["status"][]> = {
  making: ["create"],
  finished: ["create", "making"],
  failed: ["create", "making"],
};

/** Queue `web`: the status of an order changed. */
export function createStatusConsumer(
  store: Pick<OrderStore, "change">,
  logger: Logger,
): ServiceParts<WebMessage>["consumer"] {
  return {
    queue: "web",
    schema: webMessageSchema,
    prefetch,
    businessIds: ({ id }) => ({ orderId: id }),
    handle: (delivery) => applyStatus(store, logger, delivery),
  };
}

async function applyStatus(
  store: Pick<OrderStore, "change">,
  logger: Logger,
  { message: { id, status }, messageId }: Delivery<WebMessage>,
): Promise<void> {
  const result = await store.change({ id, from: mayFollow[status], to: status, messageId });
  if (result === "missing") throw new Error(`there is no order ${id}`);
  if (result === "late") logger.warn({ orderId: id, status }, "Message came too late to change the order");
}
