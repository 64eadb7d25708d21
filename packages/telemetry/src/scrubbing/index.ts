export { isAddressOfClient } from "./client-address.ts";
export { cutText } from "./cut.ts";
export { createEnvelopeScrubber } from "./envelope.ts";
export { createScrubber } from "./scrubber.ts";
export type { Scrubber } from "./scrubber.ts";
export { SpanDoor } from "./span-door.ts";
