import fc from "fast-check";
import {
  bytes,
  numbered,
  only,
  pairs,
  sentryTrace,
  text,
  traceId,
  traceParent,
  wholeTrace,
  word,
} from "./hostile-values.ts";
import type { HostileClass, Value } from "./hostile-values.ts";

const sentry = (value: Value): Value => only("sentry-trace", value);
const baggage = (value: Value): Value =>
  fc.tuple(sentryTrace(), value).map(([trace, members]) => ({ "sentry-trace": trace, baggage: members }));
const dsc = (key: string, ...values: string[]): Value =>
  wholeTrace(fc.constantFrom(...values).map((value) => `sentry-${key}=${value}`));

const NUMBERS = [
  "0",
  "0.0",
  "-1",
  "-0",
  "NaN",
  "Infinity",
  "1e-320",
  "1e400",
  "0x0",
  " 0 ",
  "",
  "%30",
  "null",
];

/** `sentry-trace`, and `baggage` with all that rides in it. */
export const hostileSentryHeaders: readonly HostileClass[] = [
  ["sentry-trace of any text", sentry(text)],
  ["sentry-trace of any bytes", sentry(bytes)],
  [
    "sentry-trace with any flag",
    sentry(sentryTrace(fc.oneof(text, fc.constantFrom("-2", "--1", "-1-", "-01", "1")))),
  ],
  [
    "sentry-trace with zero ids",
    sentry(fc.constantFrom(0, 1).map((n) => `${`${n}`.repeat(32)}-${"0".repeat(16)}-1`)),
  ],
  ["sentry-trace in upper case", sentry(sentryTrace().map((v) => v.toUpperCase()))],
  ["sentry-trace that looks like traceparent", sentry(traceParent())],
  ["sentry-trace twice the same", sentry(sentryTrace().map((v) => `${v}, ${v}`))],
  ["sentry-trace twice, different", sentry(fc.tuple(sentryTrace(), sentryTrace()))],
  [
    "sentry-trace of great length",
    sentry(fc.tuple(sentryTrace(), fc.nat(40_000)).map(([v, n]) => v.repeat(Math.ceil(n / 50)))),
  ],
  [
    "two families that name two traces",
    fc.record({ traceparent: traceParent(), "sentry-trace": sentryTrace(), tracestate: fc.constant("a=1") }),
  ],
  ["baggage of any text", baggage(text)],
  ["baggage of any bytes", baggage(bytes)],
  ["baggage of thousands of members", baggage(numbered(word))],
  [
    "baggage with a value of great length",
    baggage(fc.nat(40_000).map((length) => `k=${"v".repeat(length)}`)),
  ],
  ["baggage with a key of great length", baggage(fc.nat(40_000).map((length) => `${"k".repeat(length)}=v`))],
  ["baggage of separators", baggage(fc.stringMatching(/^[,;= \t]{0,60}$/))],
  ["baggage with broken percent signs", baggage(pairs(word, fc.stringMatching(/^[%0-9A-Fa-f]{0,20}$/)))],
  [
    "baggage with encoded line breaks",
    baggage(pairs(word, fc.constantFrom("%0d%0aset-cookie:%20a=1", "%00", "%0A"))),
  ],
  [
    "baggage with encoded separators",
    baggage(pairs(fc.constantFrom("a%2Cb", "a%3Db", "a%3Bb", "sentry%2Dsampled"), word)),
  ],
  [
    "baggage with names of prototypes",
    baggage(pairs(fc.constantFrom("__proto__", "constructor", "sentry-__proto__", "toString"), word)),
  ],
  [
    "baggage with any metadata",
    baggage(
      pairs(
        word,
        fc.tuple(word, text).map((v) => v.join(";")),
      ),
    ),
  ],
  ["baggage in many headers", baggage(fc.array(pairs(word, word), { maxLength: 100 }))],
  ["business ids of any text", baggage(pairs(fc.constantFrom("orderId", "OrderId", "orderId "), text))],
  [
    "business ids that are legal, and others",
    baggage(pairs(fc.constantFrom("orderId", "user.id", "requestId"), word)),
  ],
  [
    "a context of another trace",
    fc.record({
      "sentry-trace": sentryTrace(),
      baggage: traceId.map((id) => `sentry-trace_id=${id},sentry-sampled=true`),
    }),
  ],
  [
    "a context without a trace",
    only(
      "baggage",
      traceId.map((id) => `sentry-trace_id=${id},sentry-sampled=true,sentry-sample_rand=0`),
    ),
  ],
  ["a context with any sample_rand", dsc("sample_rand", ...NUMBERS)],
  ["a context with any sample_rate", dsc("sample_rate", ...NUMBERS)],
  [
    "a context with any decision",
    dsc("sampled", "true", "TRUE", "1", "yes", "false", "", "true,sentry-sampled=false"),
  ],
  ["a context with any organisation", dsc("org_id", ...NUMBERS, "1", "2", "1%00")],
  [
    "a context with any names",
    wholeTrace(
      pairs(
        text.map((name) => `sentry-${name}`),
        text,
      ),
    ),
  ],
  [
    "a context that says everything twice",
    wholeTrace(
      fc.constant("sentry-sampled=false,sentry-sample_rand=0.9,sentry-sampled=true,sentry-sample_rand=0"),
    ),
  ],
  [
    "a whole trace that asks to be sampled",
    wholeTrace(fc.constant("sentry-sample_rand=0,sentry-sample_rate=1,sentry-sampled=true")),
  ],
  [
    "a whole trace that asks not to be sampled",
    wholeTrace(fc.constant("sentry-sample_rand=0.999999,sentry-sampled=false"), "0"),
  ],
];
