import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { enrichSpan, readBusinessIds } from "../business-context/index.ts";
import { LogDoor } from "../logs/index.ts";
import type { Reporter } from "../problems/index.ts";
import { createScrubber, SpanDoor } from "../scrubbing/index.ts";
import { linkOtherParent } from "../trace-state/index.ts";

export interface DoorOptions {
  readonly spanSinks: readonly SpanProcessor[];
  readonly logSinks: readonly LogRecordProcessor[];
  /** The longest text of an attribute, in characters. */
  readonly maxTextLength: { readonly spans: number; readonly logs: number };
  readonly businessKeys: ReadonlySet<string>;
  readonly reporter: Reporter;
}

/** The two doors everything leaves by, whoever owns the OpenTelemetry SDK in front of them. */
export function createDoors(options: DoorOptions): { spanDoor: SpanDoor; logDoor: LogDoor } {
  const { businessKeys, maxTextLength, reporter } = options;
  const reportOnce: Reporter["once"] = (key, message) => reporter.once(key, message);
  const spanDoor = new SpanDoor({
    sinks: options.spanSinks,
    scrubber: createScrubber({ businessKeys, maxTextLength: maxTextLength.spans }),
    enrich: (span, parentContext) => {
      linkOtherParent(span);
      enrichSpan(span, parentContext, businessKeys);
    },
    reportOnce,
  });
  const logDoor = new LogDoor({
    sinks: options.logSinks,
    scrubber: createScrubber({ businessKeys, maxTextLength: maxTextLength.logs }),
    readBusinessIds: (context) => readBusinessIds(context, businessKeys),
    reportOnce,
  });
  return { spanDoor, logDoor };
}
