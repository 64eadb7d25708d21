import { z } from "zod";
import { failChoiceSchema, orderIdSchema } from "@tracebridge/service";
import { ApiError } from "./api-error.ts";
import { readBody } from "./read-body.ts";

const orderRequestSchema = z.object({ id: orderIdSchema, fail: failChoiceSchema.optional() });
export type OrderRequest = z.infer<typeof orderRequestSchema>;

const idRule = "id must be a text of 1 to 64 letters, digits and hyphens";
const rules = {
  fields: { id: idRule, fail: 'fail must be "once" or "always", or be left out' },
  body: 'the body must be a JSON object such as {"id":"alice"}',
};

/** @throws ApiError 400 that names the field */
export function readOrderRequest(body: unknown): OrderRequest {
  return readBody(orderRequestSchema, body, rules);
}

/** @throws ApiError 400 */
export function readOrderId(text: unknown): string {
  const id = orderIdSchema.safeParse(text);
  if (id.success) return id.data;
  throw new ApiError(400, "invalid", idRule, { field: "id" });
}
