import type { ReceivedRequest } from "@tracebridge/receivers";

/** A body on its way to a back end: content as it was received. */
export interface ForwardedBody {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** A back end that is sent what compare receives. */
export interface Destination {
  /** Names it in messages, without its secrets: `Sentry at https://o1.ingest.sentry.io`. */
  name: string;
  /** The variable that asks for it. */
  variable: string;
  /** Where to, and with what in place of what was received; undefined for what is not for this back end. */
  address: (request: ReceivedRequest, body: Uint8Array) => ForwardedBody | undefined;
}
