import { z } from "zod";
import type { Variable } from "../config/read-config.ts";

/** As many characters as a SHA-256 has bytes: https://www.rfc-editor.org/rfc/rfc2104#section-3 */
const shortestSecret = 32;

/** `RESET_TOKEN_SECRET`: what reset tokens are made with; the same in web and mailer. */
export const resetTokenSecretVariable: Variable<string> = {
  schema: z.string().min(shortestSecret),
  is: `a secret of at least ${shortestSecret} characters`,
  fix: "set it to the output of `openssl rand -hex 32`, the same for web and mailer",
  secret: true,
};
