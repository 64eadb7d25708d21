import type { SentryEnvelope, SentryEvent } from "@tracebridge/receivers";
import type { StoredItem } from "../store/item.ts";
import { unknownService } from "./model.ts";

/** What an envelope says of traces. Logs and errors outside any trace belong to none and are left out. */
export function readItemsOfEnvelope(envelope: SentryEnvelope): StoredItem[] {
  const spans = envelope.spans.map((span): StoredItem => {
    const { traceId, spanId, parentSpanId, name, status, attributes } = span;
    const startMillis = span.startTimestamp * 1000;
    return {
      kind: "span",
      side: "sentry",
      value: {
        traceId,
        spanId,
        ...(parentSpanId === undefined ? {} : { parentSpanId }),
        name,
        service: span.service ?? unknownService,
        kind: span.op ?? "",
        status,
        startMillis,
        durationMillis: span.endTimestamp * 1000 - startMillis,
        attributes,
      },
    };
  });
  const logs = envelope.logs.flatMap((log): StoredItem[] => {
    const { traceId, spanId, level, body, attributes } = log;
    if (traceId === undefined) return [];
    const service = log.service ?? unknownService;
    return [
      {
        kind: "log",
        side: "sentry",
        value: { traceId, spanId, service, timeMillis: log.timestamp * 1000, level, body, attributes },
      },
    ];
  });
  return [...spans, ...logs, ...envelope.events.flatMap(readError)];
}

function readError(event: SentryEvent): StoredItem[] {
  const { eventId, traceId, spanId, tags, breadcrumbs } = event;
  if (traceId === undefined) return [];
  const last = event.exceptions.at(-1);
  const title = last ? `${last.type}: ${last.value}` : (event.message ?? "(no message)");
  const timeMillis = (event.timestamp ?? 0) * 1000;
  const service = event.service ?? unknownService;
  return [
    {
      kind: "error",
      side: "sentry",
      value: { eventId, traceId, spanId, service, timeMillis, title, tags, breadcrumbs },
    },
  ];
}
