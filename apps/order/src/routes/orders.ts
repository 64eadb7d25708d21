import type { FastifyInstance } from "fastify";
import { withBusinessContext } from "@tracebridge/telemetry";
import { orderIdSchema } from "@tracebridge/service";
import type { OrderStore } from "../store/orders.ts";

export function addOrderRoutes(app: FastifyInstance, store: Pick<OrderStore, "find">): void {
  app.get<{ Params: { id: string } }>("/order/:id", (request, reply) => {
    const id = orderIdSchema.safeParse(request.params.id);
    if (!id.success) {
      const message = "an order id has 1 to 64 letters, digits and hyphens";
      return reply.code(400).send({ error: { code: "invalid", message, field: "id" } });
    }
    return withBusinessContext({ orderId: id.data }, async () => {
      const order = await store.find(id.data);
      if (order) return reply.send({ id: order.id, status: order.status });
      return reply.code(404).send({ error: { code: "not_found", message: `there is no order ${id.data}` } });
    });
  });
}
