import { z } from "zod";

/** An order id: what people type into the order box, and what every back end is searched by. */
export const orderIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, "use 1 to 64 letters, digits and hyphens");

/** How an order is made to fail: on the first attempt only, or on every attempt. */
export const failChoiceSchema = z.enum(["once", "always"]);
export type FailChoice = z.infer<typeof failChoiceSchema>;
