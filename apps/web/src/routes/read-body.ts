import type { z } from "zod";
import { ApiError } from "./api-error.ts";

export interface BodyRules {
  /** What each field must be: the answer to a body in which it is not. */
  fields: Readonly<Record<string, string>>;
  /** What the body as a whole must be. */
  body: string;
}

/** @throws ApiError 400 that names the field and never quotes it */
export function readBody<T>(schema: z.ZodType<T>, body: unknown, rules: BodyRules): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path[0];
  const rule = typeof field === "string" ? rules.fields[field] : undefined;
  if (typeof field !== "string" || !rule) throw new ApiError(400, "invalid", rules.body);
  throw new ApiError(400, "invalid", rule, { field });
}
