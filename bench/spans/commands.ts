import type { TelemetryStats } from "@tracebridge/telemetry";
import type { SentRequest } from "./sent-requests.ts";

/** Load at a steady rate. */
export interface Load {
  traces: number;
  spansPerTrace: number;
  tracesPerSecond: number;
}

/** In bytes. */
export interface Memory {
  rss: number;
  heapUsed: number;
  /** Buffers outside of the heap. */
  external: number;
}

/** What a process of spans can be told beside what every measured process can, and what it answers. */
export interface Commands {
  make: (load: Load) => void;
  /** As fast as it goes, giving way to input and output after every trace. */
  burst: (load: Pick<Load, "traces" | "spansPerTrace">) => void;
  /** Starts traces and leaves them open. */
  open: (load: Pick<Load, "traces" | "spansPerTrace">) => void;
  /** Ends the open ones evenly within so many milliseconds. */
  end: (millis: number) => void;
  /** What would have been sent, were there a network. */
  readSent: () => { count: number; bytes: number };
  /** Whether requests are kept from now on; returns those kept before. */
  keepSent: (isKept: boolean) => readonly SentRequest[];
  /** The highest values since the last time, looked at every 20 ms from the first time on. */
  readPeak: () => Memory;
  /** What keeps the process alive, by kind. */
  readResources: () => readonly string[];
  /** Timers that were set since the first time and have not come to their end. */
  countTimers: () => number;
  /** Of Tracebridge; `undefined` where it does not run. */
  readStats: () => TelemetryStats | undefined;
}

export type CommandName = keyof Commands;

export interface Call {
  call: number;
  name: CommandName;
  args: readonly unknown[];
}

export interface Reply {
  call: number;
  result?: unknown;
  error?: string;
}
