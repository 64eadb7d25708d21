import { isIP } from "node:net";
import type { Variable } from "@tracebridge/service";
import { z } from "zod";

/** How many proxies are in front, or which ones; `false` for none. https://expressjs.com/en/guide/behind-proxies.html */
export type TrustProxy = number | readonly string[] | false;

const networks: ReadonlySet<string> = new Set(["loopback", "linklocal", "uniquelocal"]);
const mostProxies = 10;

/** `TRUST_PROXY`. Not `true`: then every client could choose the address it is counted by. */
export const trustProxyVariable: Variable<TrustProxy> = {
  schema: z
    .string()
    .transform(readProxies)
    .refine((proxies) => (typeof proxies === "number" ? proxies <= mostProxies : proxies.every(isProxy))),
  fallback: false,
  is: "a number of proxies or a list of their addresses",
  fix: `use the number of proxies in front of web, 1 to ${mostProxies}, or their addresses such as 10.0.0.0/8, separated by commas; leave it unset where browsers connect directly`,
};

function readProxies(text: string): number | readonly string[] {
  return /^[1-9]\d?$/.test(text) ? Number(text) : text.split(",").map((proxy) => proxy.trim());
}

function isProxy(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  if (networks.has(text)) return true;
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  // Express takes no network of 0 bits, which is everybody.
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
