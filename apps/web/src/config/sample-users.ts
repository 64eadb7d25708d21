import { emailAddressSchema, type Variable } from "@tracebridge/service";
import { z } from "zod";

const mostUsers = 100;

/** `SAMPLE_USERS`: who can have a password before anybody can register. */
export const sampleUsersVariable: Variable<readonly string[]> = {
  schema: z
    .string()
    .transform((text) => text.split(",").filter((part) => part.trim() !== ""))
    .pipe(z.array(emailAddressSchema).max(mostUsers))
    .transform((addresses) => [...new Set(addresses)]),
  fallback: [],
  is: `a list of at most ${mostUsers} e-mail addresses`,
  fix: "separate the addresses with commas, for example alice@example.com,bob@example.com, or leave it unset for none",
  // Addresses of people have no place in a log.
  secret: true,
};
