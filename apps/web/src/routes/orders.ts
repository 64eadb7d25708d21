import { Router, type Response } from "express";
import { activeTraceId, withBusinessContext } from "@tracebridge/telemetry";
import type { OrderMessage } from "@tracebridge/service";
import type { ServerContext } from "../server.ts";
import type { OrderDocument } from "../store/orders.ts";
import { ApiError, createDatabaseAwayError } from "./api-error.ts";
import { readJsonBody } from "./json-body.ts";
import { readOrderId, readOrderRequest, type OrderRequest } from "./order-request.ts";

export function createOrderRoutes(context: Pick<ServerContext, "store" | "database">): Router {
  const router = Router();
  router.post("/order", ...readJsonBody, async (request, response) => {
    const order = readOrderRequest(request.body);
    await withBusinessContext({ orderId: order.id }, () => placeOrder(context, order, response));
  });
  router.get("/order/:id", async (request, response) => {
    const id = readOrderId(request.params.id);
    await withBusinessContext({ orderId: id }, () => showOrder(context, id, response));
  });
  return router;
}

async function placeOrder(
  { store, database }: Pick<ServerContext, "store" | "database">,
  { id, fail }: OrderRequest,
  response: Response,
): Promise<void> {
  // Before the set-up there is no unique index, and the same id could be taken twice.
  if (!database.isPrepared()) throw createDatabaseAwayError();
  const traceId = activeTraceId();
  const order: OrderDocument = { id, status: "create", ...(traceId ? { traceId } : {}) };
  const message = { type: "create", id, ...(fail ? { fail } : {}) } satisfies OrderMessage;
  const result = await store.create(order, id, [{ queue: "order", step: "create", body: message }]);
  if (result.created) response.status(202).json(readView(order));
  else response.json(readView(result.existing));
}

async function showOrder(
  { store }: Pick<ServerContext, "store">,
  id: string,
  response: Response,
): Promise<void> {
  const order = await store.find(id);
  if (!order) throw new ApiError(404, "not_found", `there is no order ${id}`);
  response.set("Cache-Control", "no-store").json(readView(order));
}

function readView({ id, status, traceId }: OrderDocument) {
  return { id, status, ...(traceId ? { traceId } : {}) };
}
