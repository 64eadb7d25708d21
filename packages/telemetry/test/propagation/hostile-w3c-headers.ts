import fc from "fast-check";
import {
  broken,
  bytes,
  hex,
  idParts,
  only,
  pairs,
  repeated,
  spanId,
  text,
  traceId,
  traceParent,
  word,
} from "./hostile-values.ts";
import type { HostileClass, Value } from "./hostile-values.ts";

const parent = (value: Value): Value => only("traceparent", value);
const state = (value: Value): Value =>
  fc.tuple(traceParent(), value).map(([traceparent, tracestate]) => ({ traceparent, tracestate }));

const UNKNOWN_DASHES = ["\u2010", "\u2013", "_", ":"];
const SPACES = ["\u00a0", "\u2003", "\r", "\n", "\v", "\0"];

export const hostileW3cHeaders: readonly HostileClass[] = [
  ["traceparent of any text", parent(text)],
  ["traceparent of any bytes", parent(bytes)],
  ["traceparent of the forbidden version", parent(idParts.map(([, ...rest]) => ["ff", ...rest].join("-")))],
  [
    "traceparent of any version",
    parent(fc.tuple(hex(2), idParts).map(([v, [, ...rest]]) => [v, ...rest].join("-"))),
  ],
  [
    "traceparent of a later version with more",
    parent(fc.tuple(traceParent(), text).map(([v, more]) => `cc${v.slice(2)}-${more}`)),
  ],
  [
    "traceparent of version 00 with more",
    parent(fc.tuple(traceParent(), text).map(([v, more]) => `${v}-${more}`)),
  ],
  ["traceparent in upper case", parent(traceParent().map((v) => v.toUpperCase()))],
  ["traceparent with a zero trace id", parent(spanId.map((span) => `00-${"0".repeat(32)}-${span}-01`))],
  ["traceparent with a zero span id", parent(traceId.map((trace) => `00-${trace}-${"0".repeat(16)}-01`))],
  [
    "traceparent with a trace id of any length",
    parent(fc.tuple(fc.nat(64).chain(hex), spanId).map((ids) => `00-${ids.join("-")}-01`)),
  ],
  [
    "traceparent with a span id of any length",
    parent(fc.tuple(traceId, fc.nat(40).chain(hex)).map((ids) => `00-${ids.join("-")}-01`)),
  ],
  ["traceparent with any flags", parent(traceParent(hex(2)))],
  ["traceparent with flags that are no number", parent(traceParent(text))],
  ["traceparent without flags", parent(traceParent(fc.constant("")))],
  ["traceparent with other dashes", parent(broken(idParts, UNKNOWN_DASHES))],
  ["traceparent with other spaces", parent(broken(idParts, SPACES))],
  ["traceparent with tabs and spaces around", parent(traceParent().map((v) => `\t ${v} \t`))],
  ["traceparent in wide digits", parent(traceParent().map((v) => v.replaceAll("0", "\uff10")))],
  ["traceparent twice in one header", parent(fc.tuple(traceParent(), traceParent()).map((v) => v.join(",")))],
  ["traceparent in two headers", parent(fc.tuple(traceParent(), traceParent()))],
  [
    "traceparent of great length",
    parent(fc.integer({ min: 10, max: 40_000 }).map((length) => "00-".repeat(length))),
  ],
  ["tracestate of any text", state(text)],
  ["tracestate of any bytes", state(bytes)],
  ["tracestate with too many members", state(pairs(word, word, { minLength: 33, maxLength: 60 }))],
  ["tracestate with a key of any length", state(fc.nat(600).map((length) => `${"k".repeat(length)}=1`))],
  ["tracestate with a value of any length", state(fc.nat(600).map((length) => `k=${"v".repeat(length)}`))],
  ["tracestate with keys of any characters", state(pairs(text, word))],
  ["tracestate with values of any characters", state(pairs(word, text))],
  ["tracestate with many at signs", state(pairs(fc.stringMatching(/^[a-z@0-9]{1,12}$/), word))],
  ["tracestate that repeats a key", state(pairs(fc.constant("k"), word))],
  ["tracestate of commas and equals signs", state(fc.stringMatching(/^[,= \t]{0,60}$/))],
  ["tracestate in many headers", state(fc.array(pairs(word, word), { maxLength: 40 }))],
  [
    "tracestate that breaks the line",
    state(fc.tuple(word, text).map(([key, more]) => `${key}=1\r\nx: ${more}`)),
  ],
  ["tracestate of great length", state(repeated(pairs(word, word, { minLength: 1, maxLength: 8 })))],
];
