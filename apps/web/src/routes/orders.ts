import express, { Router, type Request, type Response } from "express";
import { activeTraceId, withBusinessContext } from "@tracebridge/telemetry";
import type { OrderMessage } from "@tracebridge/service";
import type { ServerContext } from "../server.ts";
import type { OrderDocument } from "../store/orders.ts";
import { ApiError } from "./api-error.ts";
import { readOrderId, readOrderRequest, type OrderRequest } from "./order-request.ts";

const maxBodyBytes = 16 * 1024;

export function createOrderRoutes(context: Pick<ServerContext, "store" | "database">): Router {
  const router = Router();
  router.post("/order", requireJson, express.json({ limit: maxBodyBytes }), async (request, response) => {
    const order = readOrderRequest(request.body);
    await withBusinessContext({ orderId: order.id }, () => placeOrder(context, order, response));
  });
  router.get("/order/:id", async (request, response) => {
    const id = readOrderId(request.params.id);
    await withBusinessContext({ orderId: id }, () => showOrder(context, id, response));
  });
  return router;
}

function requireJson(request: Request, _response: Response, next: () => void): void {
  // A request without a body has no content type to complain about; the body check names the field.
  if (request.is("application/json") === false) {
    throw new ApiError(415, "unsupported_media_type", "send JSON, with content-type application/json");
  }
  next();
}

async function placeOrder(
  { store, database }: Pick<ServerContext, "store" | "database">,
  { id, fail }: OrderRequest,
  response: Response,
): Promise<void> {
  // Before the set-up there is no unique index, and the same id could be taken twice.
  if (!database.isPrepared()) throw new ApiError(503, "unavailable", "the database is away; try again");
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
