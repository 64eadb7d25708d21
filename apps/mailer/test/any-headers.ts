import type { Plain } from "../../../packages/embedded/test/broker-wire/plain.ts";

// All headers of a message have to fit into one frame of 128 KiB.
const nested = (depth: number): Plain => (depth === 0 ? "deep" : { inner: nested(depth - 1) });

/** A header value of every type AMQP 0-9-1 has, and some that are extreme. */
export const anyHeaders: Readonly<Record<string, Plain>> = {
  "a text": "no trace",
  "an empty text": "",
  "a long text": "x".repeat(15_000),
  "markup and line ends": '<script>"\r\nx: y</script>',
  "bytes that are no UTF-8": { type: "longstr", value: "\xff\xfe\xc3\x28\xed\xa0\x80" },
  bytes: { type: "binary", value: "\x00\xff\x00" },
  true: true,
  nothing: null,
  "a table": { a: { b: [1, "two", null] } },
  "a table named like what objects have": {
    ["__proto__"]: "x",
    constructor: { prototype: 1 },
    toString: "y",
  },
  "tables in tables, fifty deep": nested(50),
  "an empty list": [],
  "a list": ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 7],
  "a list of tables": [{ queue: "mail", reason: "rejected", count: { type: "long", value: -1n } }],
  "a small number": { type: "byte", value: -1 },
  "an unsigned byte": { type: "unsignedbyte", value: 255 },
  "a short": { type: "short", value: -32_768 },
  "an unsigned short": { type: "unsignedshort", value: 65_535 },
  "a negative number": { type: "signedint", value: -2_147_483_648 },
  "an unsigned number": { type: "unsignedint", value: 4_294_967_295 },
  "a huge number": { type: "long", value: 9_223_372_036_854_775_807n },
  "a float that is no number": { type: "float", value: Number.NaN },
  "a double without end": { type: "double", value: Number.POSITIVE_INFINITY },
  "a decimal": { type: "decimal", value: { scale: 255, digits: 4_294_967_295 } },
  "a date": { type: "timestamp", value: 1_700_000_000n },
  "a date beyond all calendars": { type: "timestamp", value: 18_446_744_073_709_551_615n },
};
