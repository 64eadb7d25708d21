import { randomBytes } from "node:crypto";
import { postBody } from "./recorded-order.ts";
import { writeTemporaryFile } from "./temporary-file.ts";

/** A trace so new that what is missing may still be on its way, however long the test takes. */
export interface YoungTrace {
  traceId: string;
  /** Name of a source that has all of it. */
  file: string;
  /** Sends spans by name, `root`, `first` or `second`, to compare as OTLP. */
  send(url: string, ...names: readonly string[]): Promise<void>;
}

const names = ["root", "first", "second"];
/** Milliseconds; a clock that is ahead by more than five minutes is not believed. */
const future = 240_000;

export function createYoungTrace(): YoungTrace {
  const traceId = randomBytes(16).toString("hex");
  const end = Date.now() + future;
  const write = (chosen: readonly string[]): string =>
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "web" } }] },
          scopeSpans: [{ spans: chosen.map((name) => createSpan(traceId, name, end)) }],
        },
      ],
    });
  const file = writeTemporaryFile("trace.json", write(names));
  return {
    traceId,
    file: `file:${file}`,
    send: (url, ...chosen) => postBody(`${url}/v1/traces`, write(chosen)),
  };
}

function createSpan(traceId: string, name: string, endMillis: number): object {
  const spanId = (at: number): string => String(at + 1).repeat(16);
  const index = names.indexOf(name);
  return {
    traceId,
    spanId: spanId(index),
    ...(index === 0 ? {} : { parentSpanId: spanId(0) }),
    name,
    kind: 1,
    startTimeUnixNano: `${endMillis - 100 + index}000000`,
    endTimeUnixNano: `${endMillis - index}000000`,
    attributes: [],
    status: {},
  };
}
