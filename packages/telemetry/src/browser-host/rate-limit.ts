import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";
import { Refusal } from "./answer.ts";

/** How many requests are taken, of each client and of all together, in a minute. */
export interface RateLimits {
  readonly perClient: number;
  readonly total: number;
}

const WINDOW_MILLIS = 60_000;
/** Clients beyond these share one count. */
const MAX_CLIENTS = 10_000;
const OTHERS = "others";
/** Of an IPv4 address written as an IPv6 one; behind it there may be the name of a network interface. */
const MAX_MAPPED_LENGTH = "::ffff:255.255.255.255".length;

/** Counts the requests of each client, minute by minute. */
export class RateLimit {
  readonly #limits: RateLimits;
  readonly #counts = new Map<string, number>();
  #endsAt = 0;
  #total = 0;

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** @throws Refusal 429 that says when to come back */
  count(client: string): void {
    const now = performance.now();
    if (now >= this.#endsAt) this.#begin(now);
    const key = this.#counts.has(client) || this.#counts.size < MAX_CLIENTS ? client : OTHERS;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    // What is refused counts for the client alone: one that goes on and on must not shut the others out.
    const isRefused = count > this.#limits.perClient || this.#total >= this.#limits.total;
    if (!isRefused) this.#total += 1;
    else throw createTooMany(Math.ceil((this.#endsAt - now) / 1_000));
  }

  #begin(now: number): void {
    this.#counts.clear();
    this.#total = 0;
    this.#endsAt = now + WINDOW_MILLIS;
  }
}

/**
 * Who sent a request: as Express knows it by its setting `trust proxy`, otherwise the other end of the connection. Of an
 * IPv6 address, the network: https://www.rfc-editor.org/rfc/rfc6177#section-2 gives each site many.
 */
export function readClient(request: IncomingMessage): string {
  const known = "ip" in request && typeof request.ip === "string" ? request.ip : undefined;
  const address = known ?? request.socket.remoteAddress ?? "";
  if (isIPv4(address)) return address;
  // A proxy may pass on anything, of any length: what is no address is one client.
  if (!isIPv6(address)) return "";
  return address.toLowerCase().startsWith("::ffff:")
    ? address.slice(0, MAX_MAPPED_LENGTH)
    : readNetwork(address);
}

/** The first four groups of eight. */
function readNetwork(address: string): string {
  const [head = "", tail] = address.split("::");
  const first = readGroups(head);
  const last = readGroups(tail ?? "");
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array.from({ length: zeros }, () => "0"), ...last].slice(0, 4).join(":");
}

function readGroups(text: string): string[] {
  return text === "" ? [] : text.split(":");
}

function createTooMany(seconds: number): Refusal {
  return new Refusal(429, "too many requests", { "retry-after": String(seconds) });
}
