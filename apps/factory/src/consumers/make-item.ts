import { setTimeout as sleep } from "node:timers/promises";
import { addBreadcrumb } from "@tracebridge/telemetry";
import {
  factoryMessageSchema,
  type Delivery,
  type FactoryMessage,
  type Logger,
  type MillisRange,
  type OrderMessage,
  type ServiceParts,
} from "@tracebridge/service";
import type { ItemDocument, ItemStore } from "../store/items.ts";

export interface MakeItemOptions {
  store: Pick<ItemStore, "create" | "change">;
  logger: Logger;
  delay: MillisRange;
  /** Share of attempts that fail by chance, 0 to 1. */
  failRate: number;
  /** From 0 up to, but not including, 1. */
  random?: () => number;
}

const prefetch = 20;

/** Queue `factory`: makes an item, which takes a while and may fail, and tells order how it went. */
export function createMakeItemConsumer(options: MakeItemOptions): ServiceParts<FactoryMessage>["consumer"] {
  return {
    queue: "factory",
    schema: factoryMessageSchema,
    prefetch,
    businessIds: ({ id }) => ({ orderId: id }),
    handle: (delivery) => makeItem(options, delivery),
    giveUp: async (delivery) => {
      await begin(options, delivery);
      await conclude(options, delivery, "failed");
    },
  };
}

async function makeItem(options: MakeItemOptions, delivery: Delivery<FactoryMessage>): Promise<void> {
  const { delay, random = Math.random } = options;
  const { message, signal } = delivery;
  const status = await begin(options, delivery);
  if (status !== "making") return;
  addBreadcrumb({
    category: "factory",
    message: `Item id: ${message.id}`,
    data: { attempt: delivery.attempt },
  });
  failWhenAsked(options, delivery);
  const millis = delay.minMillis + Math.round(random() * (delay.maxMillis - delay.minMillis));
  await sleep(millis, undefined, { signal });
  await conclude(options, delivery, "finished");
}

/** Makes sure that there is an item, and returns its status. */
async function begin(
  { store }: MakeItemOptions,
  { message: { id }, messageId }: Delivery<FactoryMessage>,
): Promise<ItemDocument["status"]> {
  // Not `messageId` itself: that stands for the end of the work, and the work may have to be begun again.
  const begun = await store.create({ id, status: "making" }, `${messageId}.begin`);
  return begun.created ? "making" : begun.existing.status;
}

function failWhenAsked(options: MakeItemOptions, { message, attempt }: Delivery<FactoryMessage>): void {
  const asked = message.fail === "always" || (message.fail === "once" && attempt === 1);
  if (asked) throw new Error("The machine broke down, as the order asked for");
  const { failRate, random = Math.random } = options;
  if (random() < failRate) throw new Error("The machine broke down by chance");
}

async function conclude(
  { store, logger }: MakeItemOptions,
  { message: { id }, messageId }: Delivery<FactoryMessage>,
  status: "finished" | "failed",
): Promise<void> {
  const body = { type: status, id } satisfies OrderMessage;
  const messages = [{ queue: "order", step: status, body }];
  const result = await store.change({ id, from: ["making"], to: status, messageId, messages });
  if (result === "missing") throw new Error(`there is no item ${id}`);
  if (result === "late") logger.warn({ orderId: id, status }, "The item was concluded by somebody else");
}
