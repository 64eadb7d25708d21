import type { BridgeClient } from "../client/bridge-client.ts";

const USER_ID = "user.id";

/**
 * The user's id travels with the business ids, and so becomes a tag like them; to Sentry it is who the event is
 * about. What the application told Sentry about the user itself wins.
 */
export function addEventUser(client: BridgeClient): void {
  // After all scopes were applied: an exception that a span recorded brings its ids in one.
  client.on("postprocessEvent", (event) => {
    const { [USER_ID]: id, ...tags } = event.tags ?? {};
    if (typeof id !== "string") return;
    event.tags = tags;
    event.user = { id, ...event.user };
    const business = event.contexts?.["business"];
    if (business) delete business[USER_ID];
  });
}
