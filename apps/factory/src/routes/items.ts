import type { FastifyInstance } from "fastify";
import { withBusinessContext } from "@tracebridge/telemetry";
import { orderIdSchema } from "@tracebridge/service";
import type { ItemStore } from "../store/items.ts";

export function addItemRoutes(app: FastifyInstance, store: Pick<ItemStore, "find">): void {
  app.get<{ Params: { id: string } }>("/item/:id", (request, reply) => {
    const id = orderIdSchema.safeParse(request.params.id);
    if (!id.success) {
      const message = "an item has the id of its order: 1 to 64 letters, digits and hyphens";
      return reply.code(400).send({ error: { code: "invalid", message, field: "id" } });
    }
    return withBusinessContext({ orderId: id.data }, async () => {
      const item = await store.find(id.data);
      if (item) return reply.send({ id: item.id, status: item.status });
      return reply.code(404).send({ error: { code: "not_found", message: `there is no item ${id.data}` } });
    });
  });
}
