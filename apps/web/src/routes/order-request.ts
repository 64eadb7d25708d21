import { z } from "zod";
import { failChoiceSchema, orderIdSchema } from "@tracebridge/service";
import { ApiError } from "./api-error.ts";

const orderRequestSchema = z.object({ id: orderIdSchema, fail: failChoiceSchema.optional() });
export type OrderRequest = z.infer<typeof orderRequestSchema>;

const fieldRules: Record<string, string> = {
  id: "id must be a text of 1 to 64 letters, digits and hyphens",
  fail: 'fail must be "once" or "always", or be left out',
};

/** @throws ApiError 400 that names the field */
export function readOrderRequest(body: unknown): OrderRequest {
  const result = orderRequestSchema.safeParse(body);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path[0];
  const rule = typeof field === "string" ? fieldRules[field] : undefined;
  if (typeof field !== "string" || !rule) {
    throw new ApiError(400, "invalid", 'the body must be a JSON object such as {"id":"alice"}');
  }
  throw new ApiError(400, "invalid", rule, field);
}

/** @throws ApiError 400 */
export function readOrderId(text: unknown): string {
  const id = orderIdSchema.safeParse(text);
  if (id.success) return id.data;
  throw new ApiError(400, "invalid", fieldRules["id"] ?? "", "id");
}
