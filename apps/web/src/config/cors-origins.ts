import type { Variable } from "@tracebridge/service";
import { z } from "zod";

const mostOrigins = 50;

/** `CORS_ORIGINS`: whose pages, beside our own, may call the API. */
export const corsOriginsVariable: Variable<readonly string[]> = {
  schema: z
    .string()
    .transform((text) => [...new Set(text.split(",").map((origin) => origin.trim()))])
    .refine((origins) => origins.length <= mostOrigins && origins.every(isOrigin)),
  fallback: [],
  is: "a list of origins",
  fix: "use for example https://shop.example.com,http://localhost:5173 (scheme, host and port, no path, no *), or leave it unset for none",
};

/** As browsers send it: lower case, without a default port. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
