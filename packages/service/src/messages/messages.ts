import { z } from "zod";
import { emailAddressSchema } from "./email-address.ts";
import { failChoiceSchema, orderIdSchema } from "./fields.ts";

/** Queue `order`: a new order (from web), or how its making ended (from factory). */
export const orderMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("create"), id: orderIdSchema, fail: failChoiceSchema.optional() }),
  z.object({ type: z.literal("finished"), id: orderIdSchema }),
  z.object({ type: z.literal("failed"), id: orderIdSchema }),
]);
export type OrderMessage = z.infer<typeof orderMessageSchema>;

/** Queue `factory`: an item to make (from order). */
export const factoryMessageSchema = z.object({
  type: z.literal("make"),
  id: orderIdSchema,
  fail: failChoiceSchema.optional(),
});
export type FactoryMessage = z.infer<typeof factoryMessageSchema>;

/** Queue `web`: the new status of an order (from order). */
export const webMessageSchema = z.object({
  type: z.literal("status"),
  id: orderIdSchema,
  status: z.enum(["making", "finished", "failed"]),
});
export type WebMessage = z.infer<typeof webMessageSchema>;

/**
 * Queue `mail`: a mail to send (from web). The token of the link is not in it: who has the secret works it out from
 * `id`. `expiresAt` is when the link stops working, in UTC.
 */
export const mailMessageSchema = z.object({
  type: z.literal("reset-password"),
  id: z.uuid(),
  to: emailAddressSchema,
  expiresAt: z.iso.datetime(),
});
export type MailMessage = z.infer<typeof mailMessageSchema>;
