import { z } from "zod";
import { emailAddressSchema } from "@tracebridge/service";
import { readBody } from "./read-body.ts";

/** https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver */
const shortestPassword = 8;
/** Longer than any pass phrase, short enough to hash. */
const longestPassword = 128;

const requestSchema = z.object({ email: emailAddressSchema });
const completionSchema = z.object({
  token: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  password: z.string().min(shortestPassword).max(longestPassword),
});

const requestRules = {
  fields: { email: "email must be an e-mail address such as alice@example.com" },
  body: 'the body must be a JSON object such as {"email":"alice@example.com"}',
};
const completionRules = {
  fields: {
    token: "token must be what stands after #token= in the link of the mail",
    password: `password must be a text of ${shortestPassword} to ${longestPassword} characters`,
  },
  body: "the body must be a JSON object with token and password",
};

/** @throws ApiError 400 */
export function readResetRequest(body: unknown): z.infer<typeof requestSchema> {
  return readBody(requestSchema, body, requestRules);
}

/** @throws ApiError 400 */
export function readResetCompletion(body: unknown): z.infer<typeof completionSchema> {
  return readBody(completionSchema, body, completionRules);
}
