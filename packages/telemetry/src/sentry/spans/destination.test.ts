import { SpanKind } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { renameSpan } from "../../semantic-conventions/index.ts";
import { readDestination } from "./destination.ts";

const { PRODUCER, CONSUMER } = SpanKind;

test.each([
  [PRODUCER, "", "jobs", "jobs", "jobs"],
  [CONSUMER, "", "jobs", "jobs", "jobs"],
  [PRODUCER, "events", "order.made", "made", "events"],
  [CONSUMER, "events", "order.made", "made", "events"],
  [CONSUMER, "events", "made", "made", "events"],
  [CONSUMER, "jobs", "jobs", "jobs", "jobs"],
  [PRODUCER, "shop:events", "", "made", "shop:events"],
  [CONSUMER, "shop:events", "", "made", "shop:events"],
])(
  "kind %d, exchange %j, key %j and queue %j are %j, before and after the renaming",
  (kind, exchange, key, queue, expected) => {
    const live = { "messaging.destination": exchange, "messaging.rabbitmq.routing_key": key };
    const ended = renameSpan(kind === CONSUMER ? `${queue} process` : `publish ${exchange}`, kind, live);
    expect(readDestination(kind, live)).toBe(expected);
    expect(readDestination(kind, ended.attributes)).toBe(expected);
  },
);

test("other systems keep their destination", () => {
  expect(readDestination(PRODUCER, { "messaging.destination.name": "a:b" })).toBe("a:b");
  expect(readDestination(PRODUCER, {})).toBeUndefined();
});
