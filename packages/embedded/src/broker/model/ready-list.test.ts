import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeProperties } from "../codec/properties.ts";
import { Message, type QueuedMessage } from "./message.ts";
import { ReadyList } from "./ready-list.ts";

const message = new Message({
  exchange: "",
  routingKey: "q",
  rawProperties: writeProperties({}),
  body: Buffer.alloc(3),
});
const createEntry = (place: number): QueuedMessage => ({
  message,
  place,
  expiresAtMillis: Infinity,
  redelivered: false,
});

function drain(list: ReadyList): number[] {
  const places: number[] = [];
  for (let entry = list.shift(); entry !== undefined; entry = list.shift()) places.push(entry.place);
  return places;
}

describe("the waiting messages of a queue", () => {
  it("stay in order whatever is taken and put back", () => {
    const step = fc.oneof(
      fc.record({ take: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ putBack: fc.array(fc.nat(), { maxLength: 50 }) }),
      fc.record({ add: fc.integer({ min: 1, max: 400 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const list = new ReadyList();
        const out: QueuedMessage[] = [];
        let next = 0;
        for (const each of steps) {
          if ("add" in each) for (let count = 0; count < each.add; count++) list.push(createEntry(next++));
          else if ("take" in each) {
            for (let count = 0; count < each.take; count++) {
              const entry = list.shift();
              if (entry !== undefined) out.push(entry);
            }
          } else {
            const chosen = new Set(each.putBack.flatMap((at) => out[at % Math.max(1, out.length)] ?? []));
            list.restore([...chosen]);
            for (const entry of chosen) out.splice(out.indexOf(entry), 1);
          }
          expect(list.length + out.length).toBe(next);
          expect(list.bodyBytes).toBe(list.length * 3);
        }
        const places = drain(list);
        expect(places).toEqual([...places].sort((one, other) => one - other));
      }),
    );
  });

  it("are none after clearing, and new ones follow", () => {
    const list = new ReadyList();
    for (const place of [0, 1, 2]) list.push(createEntry(place));
    expect(list.clear()).toBe(3);
    expect([list.length, list.bodyBytes, list.first]).toEqual([0, 0, undefined]);
    list.push(createEntry(3));
    expect(drain(list)).toEqual([3]);
  });
});
