import { expect, test } from "vitest";
import {
  BridgeTraceState,
  deriveConsistentSampleRand,
  deriveSampleRand,
  formatSampleRand,
  readTraceStateHeader,
} from "./index.ts";

const info = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  sampled: true,
  sampleRate: 0.5,
  sampleRand: 0.25,
};

test.each([
  ["one member", ["foo=1"], "foo=1"],
  ["two headers", ["foo=1", "bar=2"], "foo=1,bar=2"],
  ["optional space and empty members", ["foo=1 \t, \t bar=2,,"], "foo=1,bar=2"],
  ["a key that comes twice: the first counts", ["foo=1,bar=2,foo=3"], "foo=1,bar=2"],
  ["a tenant", ["tenant1@system=value"], "tenant1@system=value"],
  ["every allowed key character", ["0a_-*/z0@=1"], "0a_-*/z0@=1"],
  ["several at signs in a key", ["foo@=1,foo@@bar=2,foo@bar@baz=3"], "foo@=1,foo@@bar=2,foo@bar@baz=3"],
  ["a space inside a value", ["foo=a b"], "foo=a b"],
  ["the longest key", [`${"z".repeat(256)}=1`], `${"z".repeat(256)}=1`],
  ["the longest tenant key", [`${"t".repeat(254)}@v=1`], `${"t".repeat(254)}@v=1`],
  ["the longest value", [`foo=${"v".repeat(256)}`], `foo=${"v".repeat(256)}`],
  ["32 members", [members(32)], members(32)],
])("tracestate keeps %s", (_, headers, expected) => {
  expect(new BridgeTraceState(info, readTraceStateHeader(headers)).serialize()).toBe(expected);
});

test.each([
  ["nothing", [""]],
  ["a key in upper case", ["Foo=1"]],
  ["a key with a dot", ["foo.bar=1"]],
  ["a key with a space", ["foo =1"]],
  ["a key of 257 characters", [`${"z".repeat(257)}=1`]],
  ["a key of 257 characters with an at sign", [`${"t".repeat(255)}@v=1`]],
  ["a key that starts with an at sign", ["@b=1"]],
  ["a member without a value", ["foo="]],
  ["a member without an equals sign", ["foo"]],
  ["an equals sign in a value", ["foo=bar=baz"]],
  ["a control character", ["foo=a\u0007b"]],
  ["a value of 257 characters", [`foo=${"v".repeat(257)}`]],
  ["33 members", [members(33)]],
  ["one bad member among good ones", ["foo=1,BAD=2,bar=3"]],
])("tracestate is void with %s", (_, headers) => {
  expect(readTraceStateHeader(headers)).toBeUndefined();
});

test("nothing of ours can be seen from outside", () => {
  const state = new BridgeTraceState(info, readTraceStateHeader(["foo=1"]));
  expect(state.serialize()).toBe("foo=1");
  expect(JSON.stringify({ traceState: state })).toBe('{"traceState":{}}');
  expect(Object.keys(state)).toEqual([]);
});

test("a changed trace state is a new one, with the change in front and our knowledge kept", () => {
  const state = new BridgeTraceState(info, readTraceStateHeader(["foo=1,bar=2"]));
  const changed = state.set("bar", "3");
  expect(changed.serialize()).toBe("bar=3,foo=1");
  expect(state.serialize()).toBe("foo=1,bar=2");
  expect(changed.unset("foo").serialize()).toBe("bar=3");
  expect(changed.get("bar")).toBe("3");
  expect((changed as BridgeTraceState).info).toBe(info);
  expect(state.set("BAD KEY", "1")).toBe(state);
});

test("a trace id gives the same number everywhere, spread evenly over 0 to 1", () => {
  expect(deriveSampleRand("0af7651916cd43dd8448eb211c80319c")).toBe(
    deriveSampleRand("ffffffffffffffffff48eb211c80319c".replace(/^.{19}/, "0af7651916cd43dd844")),
  );
  expect(deriveSampleRand("f".repeat(32))).toBeLessThan(1);
  expect(deriveSampleRand(`1${"0".repeat(31)}`)).toBe(0);
  expect(formatSampleRand(deriveSampleRand("f".repeat(32)))).toBe("0.999999");
  expect(formatSampleRand(deriveSampleRand(`1${"0".repeat(18)}4${"0".repeat(12)}`))).toBe("0.25");
  const low = Array.from({ length: 4_000 }, (_, index) => deriveSampleRand(spread(index))).filter(
    (value) => value < 0.1,
  );
  expect(low.length).toBeGreaterThan(320);
  expect(low.length).toBeLessThan(480);
});

test("a number for a decision that was taken elsewhere agrees with it", () => {
  for (let index = 0; index < 200; index += 1) {
    expect(deriveConsistentSampleRand(spread(index), 0.3, true)).toBeLessThan(0.3);
    expect(deriveConsistentSampleRand(spread(index), 0.3, false)).toBeGreaterThanOrEqual(0.3 - 1e-6);
  }
});

function members(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${index}=v`).join(",");
}

/** Trace ids like random ones, the same at each run. */
function spread(index: number): string {
  const hash = (index * 2_654_435_761) >>> 0;
  return (
    `00000000000000000000000${hash.toString(16).padStart(8, "0")}0`.slice(0, 19).padEnd(19, "a") +
    hash.toString(16).padStart(8, "0") +
    "00000"
  );
}
