import { afterEach, describe, expect, it } from "vitest";
import { openDatabases, type Databases } from "./databases.ts";
import { readUntil } from "./eventually.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";
import { postOrder } from "./orders.ts";

/** Five messages an order: to order, to factory, `making` to web, `finished` to order, `finished` to web. */
const orders = 200;
const messagesPerOrder = 5;
const ranks: Record<string, number> = { create: 0, making: 1, finished: 2 };

/** Several instances share queues and databases. Runs against the embedded broker and against RabbitMQ. */
export function describeScale(broker: string, readAmqpUrl: () => string | undefined): void {
  describe(`several instances of every service at once over ${broker}`, () => {
    let stack: OrderStack | undefined;
    let databases: Databases | undefined;
    afterEach(async () => {
      await databases?.close();
      await stack?.stop();
    });

    it.each([2, 3])(
      "%i of each: 1,000 messages, none sent twice, no status goes backwards",
      async (instances) => {
        stack = await startOrderStack({
          amqpUrl: readAmqpUrl(),
          instances: { web: instances, order: instances, factory: instances },
          env: { FACTORY_DELAY_MILLIS: "5-20", OTEL_TRACES_EXPORTER: "otlp", OTEL_LOGS_EXPORTER: "none" },
        });
        databases = await openDatabases(stack);
        const { receiver } = stack;
        const watch = watchStatuses(databases);
        const posted = [];
        for (let index = 0; index < orders; index += 20) {
          const batch = Array.from({ length: 20 }, (_, offset) => `scale-${instances}-${index + offset}`);
          posted.push(...(await Promise.all(batch.map((id) => postOrder(stack as OrderStack, { id })))));
        }
        expect(posted.filter(({ status }) => status !== 202)).toEqual([]);
        const counts = await readUntil(
          () => (databases as Databases).countByStatus("web"),
          (now) => now["finished"] === orders,
          60_000,
        );
        expect(counts).toEqual({ finished: orders });
        expect(await watch.stop()).toEqual([]);

        const sends = (): string[] =>
          receiver.otlp.spans
            .filter((span) => span.name.startsWith("send "))
            .map(
              (span) =>
                `${String(span.attributes["orderId"])} ${String(span.attributes["messaging.message.id"])}`,
            );
        await receiver.waitFor("every message's span", () => sends().length >= orders * messagesPerOrder);
        expect(sends()).toHaveLength(orders * messagesPerOrder);
        expect(new Set(sends()).size).toBe(orders * messagesPerOrder);
      },
    );
  });
}

/** Reads all statuses over and over and keeps every step backwards that it sees. */
function watchStatuses(databases: Databases): { stop(): Promise<string[]> } {
  const highest = new Map<string, string>();
  const backwards: string[] = [];
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      for (const [id, status] of await databases.statuses("web")) {
        const before = highest.get(id) ?? status;
        if ((ranks[status] ?? -1) < (ranks[before] ?? -1)) backwards.push(`${id}: ${before} → ${status}`);
        else highest.set(id, status);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
      return backwards;
    },
  };
}
