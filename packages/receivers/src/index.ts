export type { OtlpLog, OtlpSpan, OtlpSpanKind } from "./otlp/model.ts";
export { readOtlpLogs, readOtlpRequest, readOtlpTraces } from "./otlp/read-otlp.ts";
export { decodeProtobuf, encodeProtobuf } from "./otlp/schema.ts";
export { isFields, readObjects, readSeconds, readString } from "./plain.ts";
export type { Fields } from "./plain.ts";
export { ReceiverError } from "./receiver-error.ts";
export type { ReceiverErrorCode } from "./receiver-error.ts";
export { decodeEnvelope } from "./sentry/envelope.ts";
export type { Envelope, EnvelopeItem } from "./sentry/envelope.ts";
export type {
  SentryClientReport,
  SentryEnvelope,
  SentryEvent,
  SentryLog,
  SentrySpan,
} from "./sentry/model.ts";
export { readSentryEnvelope } from "./sentry/read-envelope.ts";
export { startReceiver } from "./server/receiver.ts";
export type { Receiver, ReceiverOptions, ScriptedResponse } from "./server/receiver.ts";
export { readRequest, receive } from "./server/routes.ts";
export type { Arrivals, ReceivedRequest } from "./server/routes.ts";
