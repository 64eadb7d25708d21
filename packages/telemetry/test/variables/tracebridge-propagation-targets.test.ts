import { beforeAll, describe, expect, test } from "vitest";
import { toOtlp } from "../fixture-process.ts";
import { runOrderFlow } from "../run-order-flow.ts";
import { runCalls } from "../propagation/run-calls.ts";
import type { CallsRun } from "../propagation/run-calls.ts";

const hostOf = (url: string): string => new URL(url).host;
const targets = (value: string) => ({ TRACEBRIDGE_PROPAGATION_TARGETS: value });
/** The path of a call that nobody may trace, and of one whose receiver is not known to be the named one. */
const UNTRACED = "/untraced";
const UNKNOWN = "/unknown";

/** Everything but what each path was sent. */
function readKinds(
  sent: Readonly<Record<string, string>>,
  ...except: readonly string[]
): ReadonlySet<string> {
  return new Set(
    Object.entries(sent)
      .filter(([path]) => !except.includes(path))
      .map(([, headers]) => headers),
  );
}

test("unset, every request has trace headers and none has ids, unless the application wrote them itself", async () => {
  const { named, other } = await runCalls(() => ({}));
  expect(Object.keys(other)).toHaveLength(15);
  for (const sent of [named, other]) {
    const written = Object.keys(sent).filter((path) => path.endsWith("-carrier") && path !== "/http-carrier");
    expect(readKinds(sent, UNTRACED, ...written)).toEqual(new Set(["trace"]));
    expect(sent[UNTRACED]).toBe("");
  }
});

describe.each([
  ["recorded", {}],
  ["not sampled for OTLP", { OTEL_TRACES_SAMPLER: "always_off" }],
  [
    "not recorded at all",
    { OTEL_TRACES_SAMPLER: "always_off", SENTRY_TRACES_SAMPLE_RATE: "0", TRACEBRIDGE_ERRORS: "off" },
  ],
])("with a list, of calls %s", (_, sampling) => {
  let run: CallsRun;
  beforeAll(async () => {
    run = await runCalls((named) => ({ ...sampling, ...targets(hostOf(named)) }));
  });

  test("the named host gets trace headers and ids, however it is called", () => {
    expect(readKinds(run.named, UNTRACED, UNKNOWN)).toEqual(new Set(["trace orderId tenant"]));
    expect(run.named[UNTRACED]).toBe("");
  });

  test("no other host gets a header: not by hand, not by a redirect, not with the name in its query", () => {
    expect(Object.keys(run.other)).toEqual(expect.arrayContaining(["/redirected", "/redirected-carrier"]));
    expect(readKinds(run.other)).toEqual(new Set([""]));
  });

  test("an injection by hand, whose receiver nobody knows, injects nothing", () => {
    expect(run.named[UNKNOWN]).toBe("");
  });
});

test("TRACEBRIDGE_PROPAGATION_TARGETS=[] sends nothing to anybody", async () => {
  const { named, other, run } = await runCalls(() => targets("[]"));
  expect(readKinds(named)).toEqual(new Set([""]));
  expect(readKinds(other)).toEqual(new Set([""]));
  expect(run.warnings).toEqual([]);
});

test("a regular expression is matched against scheme, host and path", async () => {
  const { named, other } = await runCalls((url) => targets(`/^http:..${hostOf(url)}.(http|fetch)$/`));
  const traced = Object.keys(named).filter((path) => named[path] !== "");
  expect(traced).toEqual(["/http", "/fetch"]);
  expect(readKinds(other)).toEqual(new Set([""]));
});

test("a malformed list is told once and names nobody", async () => {
  const { named, other, run } = await runCalls((url) => targets(`["${url}"`));
  expect(run.warnings).toEqual([
    expect.stringMatching(
      /^\[tracebridge\] TRACEBRIDGE_PROPAGATION_TARGETS=.*malformed list; .*Using nothing instead/,
    ),
  ]);
  expect(readKinds(named)).toEqual(new Set([""]));
  expect(readKinds(other)).toEqual(new Set([""]));
});

test("the option of startTelemetry wins, a flag g does no harm, and what is no pattern is told once", async () => {
  const { named, other, run } = await runCalls(() => targets("[]"), { preload: "start-with-targets.ts" });
  expect(readKinds(named, UNTRACED, UNKNOWN)).toEqual(new Set(["trace orderId tenant"]));
  expect(readKinds(other)).toEqual(new Set([""]));
  expect(run.warnings).toEqual([
    expect.stringContaining("tracePropagationTargets must be a list of texts and regular"),
  ]);
});

test("messages carry the trace and the ids whatever the list says", async () => {
  const { receiver } = await runOrderFlow((to) => ({ ...toOtlp(to), ...targets("[]") }));
  const { spans } = receiver.otlp;
  const [send, consume] = ["producer", "consumer"].map((kind) => spans.find((span) => span.kind === kind));
  expect(consume).toMatchObject({ traceId: send?.traceId, parentSpanId: send?.spanId });
  expect(consume?.attributes["orderId"]).toBe("4111111111111111");
  // The page's request, the call and what was called are three traces now.
  expect(new Set(spans.filter((span) => span.kind === "server").map((span) => span.traceId)).size).toBe(2);
});
