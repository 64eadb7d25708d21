import { updateRateLimits } from "@sentry/core";
import type { PostResponse } from "../../http/exchange.ts";
import type { ItemCount } from "./envelope-items.ts";

/** Which data categories Sentry does not want at the moment, and until when. */
export class RateLimits {
  #limits: Record<string, number> = {};

  /**
   * Learns from `X-Sentry-Rate-Limits` of any answer and from `Retry-After` of a 429; a 429 without either holds
   * everything for a minute. `Retry-After` of a 503 limits nothing, it says when to ask again.
   * https://develop.sentry.dev/sdk/expected-features/rate-limiting/
   */
  update(response: Pick<PostResponse, "statusCode" | "headers">): void {
    if (response.statusCode !== 429 && response.headers["x-sentry-rate-limits"] === null) return;
    this.#limits = updateRateLimits(this.#limits, response);
  }

  areAllLimited(items: readonly ItemCount[]): boolean {
    return items.every(({ category }) => this.isLimited(category));
  }

  isLimited(category: string): boolean {
    const until = Math.max(this.#limits[category] ?? 0, this.#limits["all"] ?? 0);
    return until > Date.now();
  }
}
