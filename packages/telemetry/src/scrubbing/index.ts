export { isAddressOfClient } from "./client-address.ts";
export { cutText, MAX_SENTRY_TEXT_LENGTH } from "./cut.ts";
export { createEnvelopeScrubber } from "./envelope.ts";
export { createScrubber } from "./scrubber.ts";
export type { Scrubber } from "./scrubber.ts";
export { SpanDoor } from "./span-door.ts";
