import {
  emailAddressSchema,
  readConfig,
  resetTokenSecretVariable,
  serverUrlVariable,
  serviceVariables,
  type Variable,
} from "@tracebridge/service";
import { z } from "zod";
import { isSmtpUrl } from "./smtp/smtp-server.ts";

/** Who a mail is from: a name to show, and the address the name is shown for. */
export interface Sender {
  name: string;
  address: string;
}

const senderSchema = z
  .string()
  .regex(/^(?:[^<>"\p{Cc}]{0,100}<[^<>]+>|[^<>]+)$/u)
  .transform((text) => {
    const [name = "", address] = text.split(/[<>]/);
    return address === undefined ? { name: "", address: name } : { name: name.trim(), address };
  })
  .pipe(z.object({ name: z.string(), address: emailAddressSchema }));

const senderVariable: Variable<Sender> = {
  schema: senderSchema,
  fallback: { name: "Tracebridge", address: "no-reply@localhost" },
  is: "a sender",
  fix: "use for example no-reply@example.com or Example <no-reply@example.com>",
};

/** The address people reach the page at, without a slash at its end. */
const pageUrlVariable: Variable<string> = {
  schema: z
    .string()
    .refine((text) => /^https?:\/\/[^?#@]+$/.test(text) && URL.canParse(text))
    .transform((text) => new URL(text).href.replace(/\/+$/, "")),
  is: "the address of the page",
  fix: "set it to what people type into their browser, for example https://orders.example.com",
};

const serverVariable = serverUrlVariable(["smtp", "smtps"], "smtp://127.0.0.1:1025");
const smtpUrlVariable: Variable<string> = {
  ...serverVariable,
  schema: serverVariable.schema.refine(isSmtpUrl),
};

const variables = {
  ...serviceVariables({ port: 8003, database: "mailer" }),
  SMTP_URL: smtpUrlVariable,
  MAIL_FROM: senderVariable,
  PAGE_URL: pageUrlVariable,
  RESET_TOKEN_SECRET: resetTokenSecretVariable,
};

/** @throws ConfigError when a variable cannot be used */
export function readMailerConfig(env: NodeJS.ProcessEnv) {
  return readConfig(env, variables);
}
