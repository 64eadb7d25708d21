export { activeTraceId } from "./active-trace-id.ts";
export { runUntraced } from "./run-untraced.ts";
export { readTraceCarrier, withTraceCarrier } from "./trace-carrier.ts";
export { settle } from "./settle.ts";
export { trackOperation } from "./track-operation.ts";
export { withSpan } from "./with-span.ts";
export type { WithSpanOptions } from "./with-span.ts";
