import { expect, test } from "vitest";
import { createEnvelopeScrubber, createScrubber } from "./index.ts";

const scrubber = createScrubber({ businessKeys: new Set(["orderId"]), maxTextLength: 4096 });

test.each([
  "authorization",
  "Cookie",
  "set-cookie",
  "x-api-key",
  "password",
  "user.password",
  "refreshToken",
  "access_token",
  "client_secret",
  "apiKey",
  "http.request.header.x-forwarded-for",
  "http.response.header.set-cookie",
  "creditCard",
  "session.id",
  "connect.sid",
])("a value under the key %s is filtered, whatever its type", (key) => {
  for (const value of ["hunter2", 42, ["hunter2"], { deep: "hunter2" }]) {
    expect(scrubber.attributes({ [key]: value })).toEqual({ [key]: "[Filtered]" });
  }
});

test.each([
  "http.request.header.content-type",
  "gen_ai.usage.input_tokens",
  "messaging.destination.name",
  "tokenizer",
  "secretary",
  "author",
])("a value under the key %s stays", (key) => {
  expect(scrubber.attributes({ [key]: "plain" })).toEqual({ [key]: "plain" });
});

test.each([
  ["https://user:hunter2@example.com/a", "https://[Filtered]@example.com/a"],
  ["amqp://guest:guest@127.0.0.1:5672", "amqp://[Filtered]@127.0.0.1:5672"],
  ["GET /a?token=abc&page=2#top", "GET /a?token=?&page=?#top"],
  ["Authorization: Bearer abcdefghijk", "Authorization: [Filtered]"],
  ["sent Bearer abcdefghijk", "sent Bearer [Filtered]"],
  ["Basic dXNlcjpwYXNz", "Basic [Filtered]"],
  ["basic authentication failed", "basic authentication failed"],
  ["password=hunter2 for a.person@mail.example.com", "password=[Filtered] for [Filtered]"],
  ['{"api_key": "abc", "b": 1}', '{"api_key": "[Filtered]", "b": 1}'],
  ["card 4111 1111 1111 1111 declined", "card [Filtered] declined"],
  ["card 5500-0055-5555-5559", "card [Filtered]"],
  ["at 1763706000123 in 32 parts", "at 1763706000123 in 32 parts"],
  ["order 4111111111111112", "order 4111111111111112"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[Filtered]"],
  ['E11000 duplicate key error dup key: { email: "a" }', "E11000 duplicate key error dup key: { ? }"],
  ["node_modules/@opentelemetry/api/index.js:12:3", "node_modules/@opentelemetry/api/index.js:12:3"],
  ["release order@1.2.3", "release order@1.2.3"],
  ["ghp_abcdefghijklmnopqrstuvwxyz", "[Filtered]"],
])("the text %j becomes %j", (text, expected) => {
  expect(scrubber.text(text)).toBe(expected);
});

test("a business id stays where it looks like a card number, under its key and in texts of the same span", () => {
  const attributes = {
    orderId: "4111111111111111",
    "url.path": "/order/4111111111111111",
    other: "5500005555555559",
  };
  expect(scrubber.attributes(attributes, scrubber.idsOf(attributes))).toEqual({
    ...attributes,
    other: "[Filtered]",
  });
});

test("a query by itself loses its values, with a leading question mark or without", () => {
  expect(scrubber.attributes({ "url.query": "token=abc&b=c" })).toEqual({ "url.query": "token=?&b=?" });
  expect(scrubber.attributes({ "url.query": "?token=abc" })).toEqual({ "url.query": "?token=?" });
});

test("nested values are scrubbed, and cut at a depth", () => {
  let deep: unknown = "hunter2";
  for (let level = 0; level < 20_000; level += 1) deep = { level: deep };
  expect(JSON.stringify(scrubber.value("deep", deep))).not.toContain("hunter2");
  expect(scrubber.value("outer", [{ password: "x", ok: "y" }])).toEqual([
    { password: "[Filtered]", ok: "y" },
  ]);
});

test("a throwing getter and a cycle are filtered instead of thrown", () => {
  const throwing = {
    get name(): string {
      throw new Error("no");
    },
  };
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  expect(scrubber.value("a", throwing)).toBe("[Filtered]");
  expect(JSON.stringify(scrubber.value("a", cyclic)).length).toBeLessThan(1000);
});

test("texts are cut at the limit before they are searched", () => {
  expect(scrubber.text("x".repeat(5_000_000))).toHaveLength(4096);
});

const scrubEnvelope = createEnvelopeScrubber(scrubber);

test("an envelope's event loses cookies, bodies and unknown headers; client reports pass untouched", () => {
  const event = {
    event_id: "0123456789abcdef0123456789abcdef",
    release: "order@1.2.3",
    message: "mail to a.person@example.com",
    user: { id: "7", email: "a.person@example.com" },
    tags: { orderId: "4111111111111111" },
    request: {
      url: "http://host/a?token=abc",
      headers: { "User-Agent": "curl", "X-Forwarded-For": "10.0.0.1", cookie: "a=b" },
      cookies: { a: "b" },
      data: { password: "x" },
      query_string: "token=abc",
    },
  };
  const report = { discarded_events: [{ reason: "sample_rate", category: "span", quantity: 2 }] };
  const envelope = [
    { dsn: "kept" },
    [
      [{ type: "event" }, event],
      [{ type: "client_report" }, report],
    ],
  ];
  expect(scrubEnvelope(envelope)).toEqual([
    { dsn: "kept" },
    [
      [
        { type: "event" },
        {
          ...event,
          message: "mail to [Filtered]",
          user: { id: "7", email: "[Filtered]" },
          request: {
            url: "http://host/a?token=?",
            headers: { "User-Agent": "curl", "X-Forwarded-For": "[Filtered]", cookie: "[Filtered]" },
          },
        },
      ],
      [{ type: "client_report" }, report],
    ],
  ]);
});

test("spans in a container are scrubbed one by one, serialised or not; typed attributes keep business ids", () => {
  const item = {
    name: "GET /a?b=c",
    attributes: {
      orderId: { value: "4111111111111111", type: "string" },
      "user.password": { value: "hunter2", type: "string" },
    },
  };
  const clean = {
    name: "GET /a?b=?",
    attributes: {
      orderId: { value: "4111111111111111", type: "string" },
      "user.password": { value: "[Filtered]", type: "string" },
    },
  };
  const header = { type: "span", item_count: 1500 };
  const items = Array.from({ length: 1500 }, () => item);
  const [, [[, payload]]] = scrubEnvelope([{}, [[header, { version: 2, items }]]] as const) as never as [
    unknown,
    [[unknown, { items: unknown[] }]],
  ];
  expect(payload.items).toHaveLength(1500);
  expect(payload.items[1499]).toEqual(clean);
  const bytes = new TextEncoder().encode(JSON.stringify({ items: [item] }));
  const [, [[, serialised]]] = scrubEnvelope([{}, [[header, bytes]]] as const) as never as [
    unknown,
    [[unknown, Uint8Array]],
  ];
  expect(JSON.parse(new TextDecoder().decode(serialised))).toEqual({ items: [clean] });
});

test("an attachment is scrubbed, its header tells the new length, and bytes that are no text are replaced", () => {
  const header = { type: "attachment", length: 24, filename: "a.person@example.com.txt" };
  const item = (payload: string | Uint8Array) => scrubEnvelope([{}, [[header, payload]]] as const)[1][0];
  const scrubbed = { type: "attachment", filename: "[Filtered]" };
  expect(item("password=hunter2 ok")).toEqual([{ ...scrubbed, length: 22 }, "password=[Filtered] ok"]);
  expect(item(Uint8Array.of(0xff, 0xfe, 0x00))).toEqual([{ ...scrubbed, length: 10 }, "[Filtered]"]);
});

test("Sentry gets no address of a client, and that of a server only", () => {
  const typed = (value: string) => ({ value, type: "string" });
  const span = (kind: string) => ({
    attributes: {
      "sentry.kind": typed(kind),
      "client.address": typed("10.0.0.1"),
      "network.peer.address": typed("10.0.0.2"),
      "user.ip_address": typed("10.0.0.3"),
    },
  });
  const event = { user: { id: "7", ip_address: "10.0.0.1" } };
  const items = [span("server"), span("client")];
  expect(
    scrubEnvelope([
      {},
      [
        [{ type: "span" }, { items }],
        [{ type: "event" }, event],
      ],
    ])[1],
  ).toEqual([
    [
      { type: "span" },
      {
        items: [
          { attributes: { "sentry.kind": typed("server") } },
          { attributes: { "sentry.kind": typed("client"), "network.peer.address": typed("10.0.0.2") } },
        ],
      },
    ],
    [{ type: "event" }, { user: { id: "7" } }],
  ]);
});

test("a business id that looks like a card stays in every text of its span and its error", () => {
  const id = "4111111111111111";
  const text = `/order/${id} paid with 5500005555555559`;
  const clean = `/order/${id} paid with [Filtered]`;
  const typed = (value: string) => ({ value, type: "string" });
  const span = { name: text, attributes: { orderId: typed(id) } };
  const event = { message: text, tags: { orderId: id }, modules: { cookie: "1.0.2" } };
  expect(
    scrubEnvelope([
      {},
      [
        [{}, { items: [span] }],
        [{ type: "event" }, event],
      ],
    ])[1],
  ).toMatchObject([
    [{}, { items: [{ name: clean, attributes: { orderId: typed(id) } }] }],
    [{ type: "event" }, { message: clean, tags: { orderId: id }, modules: { cookie: "1.0.2" } }],
  ]);
  expect(scrubber.attributes({ orderId: "a.person@example.com" })).toEqual({ orderId: "[Filtered]" });
});

test.each([
  ["a card as a number", { n: 4111111111111111 }, { n: "[Filtered]" }],
  ["a number that is no card", { n: 1763706000123456 }, { n: 1763706000123456 }],
  ["a key that is a card", { "4111111111111111": 1 }, { "[Filtered]": 1 }],
  [
    "logged headers",
    { headers: { "x-tenant": "t", accept: "*/*" } },
    { headers: { "x-tenant": "[Filtered]", accept: "*/*" } },
  ],
  [
    "literals in SQL",
    { "db.query.text": "SELECT a FROM t WHERE b = 'x' AND c IN (1, 2)" },
    { "db.query.text": "SELECT a FROM t WHERE b = ? AND c IN (?, ?)" },
  ],
  ["a parameter of a statement", { "db.query.parameter.0": "x" }, { "db.query.parameter.0": "[Filtered]" }],
  [
    "odd signs in a query",
    { "url.full": "http://h/p?a='b\"c&d e=f&g#top" },
    { "url.full": "http://h/p?a=?&?=?&g#top" },
  ],
])("%s", (_what, attributes, expected) => {
  expect(scrubber.attributes(attributes as never)).toEqual(expected);
});

test.each([
  ["2026 4111 1111 1111 1111", "2026 [Filtered]"],
  ["4111 1111 1111 1111 123", "[Filtered] 123"],
  ["DE89 3704 0044 0532 0130 00 paid", "[Filtered] paid"],
  ["DE89 3704 0044 0532 0130 01 paid", "DE89 3704 0044 0532 0130 01 paid"],
  ["cookie: a=1; sid=2\nnext: line", "cookie: [Filtered]\nnext: line"],
  ['{"token":null,"password":"a\\"b","c":1}', '{"token":null,"password":"[Filtered]","c":1}'],
  ["Duplicate entry 'it's' for key 'a'", "Duplicate entry ? for key 'a'"],
  ["Key (email)=(x) already exists.", "Key (email)=?"],
])("the text %j becomes %j, too", (text, expected) => {
  expect(scrubber.text(text)).toBe(expected);
});

test("a payload that cannot be read is replaced, never sent as it is", () => {
  const [, [[, payload]]] = scrubEnvelope([{}, [[{ type: "event" }, "hunter2 {"]]] as const) as never as [
    unknown,
    [[unknown, string]],
  ];
  expect(payload).toBe('{"message":"[Filtered]"}');
});

test.each(["hunter2 is my password", 'Xavier "the\nQuick" Quimby', `{"pin": 'xavier'}`, "x".repeat(200)])(
  "what JSON.parse says of %j repeats nothing of it",
  (text) => {
    let message = "";
    try {
      JSON.parse(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("JSON");
    const scrubbed = scrubber.text(`${message}\n    at handle (server.ts:1:2)\nCaused by: ${message}`);
    for (const part of ["hunter2", "Xavier", "xavier", "Quick", "xxx"]) expect(scrubbed).not.toContain(part);
    expect(scrubbed).toContain("JSON");
    expect(scrubbed).toContain("SyntaxError");
  },
);
