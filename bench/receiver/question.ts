import type { Counts } from "./counts.ts";

export interface ReceiverQuestion {
  question: number;
  ask: "read" | "take" | "hang" | "resume";
  sender?: string;
}

/** What has arrived from one sender. */
export interface Received {
  /** OTLP requests to Sentry's endpoint count as `otlp`. */
  sentry: Counts;
  otlp: Counts;
  /** Requests of all senders that wait for an answer that will not come. */
  hanging: number;
}

export type ReceiverAnswer = Received & { question: number; failure?: string };
