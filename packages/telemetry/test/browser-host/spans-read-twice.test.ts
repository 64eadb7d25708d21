import { beforeAll, beforeEach, expect, test } from "vitest";
import { toOtlp } from "../fixture-process.ts";
import { JSON_TYPE, SPANS, startPageHost, writeSpans } from "./open-page-host.ts";
import type { PageHost } from "./open-page-host.ts";

let host: PageHost;
/** As they arrived at the back end. */
const bodies: string[] = [];

beforeAll(async () => {
  const onOtlpTraces = (_spans: unknown, _request: unknown, body: Uint8Array): void =>
    void bodies.push(new TextDecoder().decode(body));
  host = await startPageHost({ env: toOtlp, receiver: { onOtlpTraces } });
  return () => host.close();
});
beforeEach(() => {
  host.receiver.reset();
  bodies.length = 0;
});

const ownMember = writeSpans().slice(1, -1);
const foreignList = writeSpans("order").slice('{"resourceSpans":'.length, -1);
const foreignResource = '"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"order"}}]},';

/** The host reads the page's name in each; some back ends would read the other one. */
test.each([
  ["a list under its other name", `{${ownMember},"resource_spans":${foreignList}}`],
  ["a list in upper case", `{${ownMember},"ResourceSpans":${foreignList}}`],
  ["a list that is there twice", `{"resourceSpans":${foreignList},${ownMember}}`],
  ["a resource that is there twice", `{${ownMember.replace('"resource":', `${foreignResource}$&`)}}`],
  ["a name that is there twice", writeSpans().replace('"stringValue":', '"stringValue":"order",$&')],
  ["a name under its other name", writeSpans().replace('"stringValue":"page"', '$&,"string_value":"order"')],
  [
    "a key in upper case",
    writeSpans().replace('"attributes":[', '$&{"Key":"service.name","value":{"stringValue":"order"}},'),
  ],
])("no other service is smuggled past the check by %s", async (_, body) => {
  expect(body).toContain("order");
  expect((await host.post(SPANS, body, JSON_TYPE)).status).toBe(200);
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).not.toMatch(/resource_spans|ResourceSpans|string_value|Key/);
  expect(bodies[0]?.match(/"key":"service.name"/g)).toHaveLength(1);
  expect(bodies[0]).toContain('{"key":"service.name","value":{"stringValue":"page"}}');
  expect(host.receiver.otlp.spans.map(({ service, name }) => [service, name])).toEqual([["page", "click"]]);
});

test("what else the resource of a page says goes on with its spans", async () => {
  const more = '"attributes":[{"key":"service.version","value":{"stringValue":"1.2.3"}},';
  await host.post(SPANS, writeSpans().replace('"attributes":[', more), JSON_TYPE);
  expect(host.receiver.otlp.spans[0]?.resource).toEqual({
    "service.name": "page",
    "service.version": "1.2.3",
  });
});
