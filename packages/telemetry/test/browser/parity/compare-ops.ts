import type { SpanFacts } from "./read-native.ts";

/** Differs in any two runs, or says where it ran. */
const VARIES = new RegExp(
  [
    String.raw`^(?:url\.full|server\.(?:address|port)|user_agent\.original|sentry\.(?:segment\.(?:id|name)|exclusive_time))$`,
    String.raw`^(?:sentry\.(?:pageload\.span_id|sdk\.integrations)|http\.response\.(?:status_code|body\.size)|url\.path)$`,
    String.raw`^browser\.web_vital\..*(?:value|size|time|target|element)$`,
  ].join("|"),
);
/** Their names are made of addresses. */
const NAMED_BY_ADDRESS = /^(?:pageload|navigation|http\.client|resource\..*|browser\.request)$/;

/**
 * How our spans differ from those of Sentry's own SDK, op by op: `http.client: only native: attribute url.domain`. An
 * attribute counts as there when any span of the op has it.
 */
export function compareOps(native: readonly SpanFacts[], ours: readonly SpanFacts[]): string[] {
  const nativeOps = groupByOp(native);
  const ourOps = groupByOp(ours);
  const ops = [...new Set([...nativeOps.keys(), ...ourOps.keys()])].toSorted((one, other) =>
    one.localeCompare(other),
  );
  return ops.flatMap((op) => {
    const [left, right] = [nativeOps.get(op), ourOps.get(op)];
    if (!left) return [`${op}: only ours`];
    if (!right) return [`${op}: only native`];
    return compareFacts(left, right).map((difference) => `${op}: ${difference}`);
  });
}

function compareFacts(native: readonly SpanFacts[], ours: readonly SpanFacts[]): string[] {
  const left = collect(native);
  const right = collect(ours);
  const keys = [...new Set([...left.keys(), ...right.keys()])].toSorted((one, other) =>
    one.localeCompare(other),
  );
  return keys.flatMap((key) => {
    const [ofNative, ofOurs] = [left.get(key), right.get(key)];
    if (!ofNative) return [`only ours: ${key}`];
    if (!ofOurs) return [`only native: ${key}`];
    if (VARIES.test(key)) return [];
    const [one, other] = [write(ofNative), write(ofOurs)];
    return one === other ? [] : [`${key}: ${one}, ours ${other}`];
  });
}

/** Every fact with its values in all these spans. */
function collect(spans: readonly SpanFacts[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { attributes, name, isSegment, hasParent, status } of spans) {
    const isNamed = !NAMED_BY_ADDRESS.test(String(attributes["sentry.op"]));
    const facts = { ...(isNamed && { name }), isSegment, hasParent, status, ...attributes };
    for (const [key, value] of Object.entries(facts)) {
      const values = found.get(key) ?? new Set();
      found.set(key, values.add(JSON.stringify(value)));
    }
  }
  return found;
}

function write(values: ReadonlySet<string>): string {
  return [...values].toSorted((one, other) => one.localeCompare(other)).join(" or ");
}

function groupByOp(spans: readonly SpanFacts[]): Map<string, SpanFacts[]> {
  return Map.groupBy(spans, ({ attributes }) => String(attributes["sentry.op"]));
}
