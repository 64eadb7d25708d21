export { consumeWithTrace } from "./consume-with-trace.ts";
export type { MessageOptions } from "./message-span.ts";
export { publishWithTrace } from "./publish-with-trace.ts";
