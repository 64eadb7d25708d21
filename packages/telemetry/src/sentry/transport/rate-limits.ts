import { updateRateLimits } from "@sentry/core";
import type { PostResponse } from "../../http/post.ts";

/** Which data categories Sentry does not want at the moment, and until when. */
export class RateLimits {
  #limits: Record<string, number> = {};

  /** Learns from the headers of any answer; a 429 without headers holds everything for a minute. */
  update(response: Pick<PostResponse, "statusCode" | "headers">): void {
    this.#limits = updateRateLimits(this.#limits, response);
  }

  isLimited(category: string): boolean {
    const until = Math.max(this.#limits[category] ?? 0, this.#limits["all"] ?? 0);
    return until > Date.now();
  }
}
