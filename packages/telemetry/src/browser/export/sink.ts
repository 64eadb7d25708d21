import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { SinkStats } from "../../telemetry.ts";
import type { FlushOptions } from "../types.ts";

/** The end of the pipeline for one back end. None of its methods throws or rejects. */
export interface BrowserSink extends SpanProcessor {
  readonly name: string;
  flush(options: FlushOptions): Promise<void>;
  /** Gives up on what still waits. */
  close(): void;
  stats(): SinkStats;
}
