import { anything } from "../parity/known-differences.ts";
import type { KnownDifference } from "./listed.ts";

const PLACES = ["passedOn", "inside", "deeper"] as const;
type Place = (typeof PLACES)[number];

const at = (names: readonly string[], places: readonly Place[]): string[] =>
  names.flatMap((name) => places.map((place) => `${name}, ${place}`));
const contextless = ["sampled", "unsampled", "deferred"].map((name) => `${name}, without a context`);
const members = (...names: string[]): string[] => names.map((name) => `sentry-${name}`);

/** Where the same context goes out in other headers than by SentryPropagator, when `rate` is the rate of both. */
export function listHeaderDifferences(rate: "0" | "1"): KnownDifference[] {
  const nameless: KnownDifference = {
    reason:
      "A span that nobody records keeps no name, so there is none to send; Sentry has no use for it either.",
    listed: [
      { paths: at(["nothing"], ["inside", "deeper"]), fields: members("transaction"), native: "work" },
    ],
  };
  return [
    {
      reason:
        "sentry-trace without a sampling context comes from a head that sent none. Sentry asks not to invent one, and its " +
        "own HTTP server does not: https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/",
      listed: [
        {
          paths: at(contextless, PLACES),
          fields: members("environment", "release", "public_key", "trace_id", "sampled"),
          native: anything,
        },
        {
          paths: at(contextless, ["inside", "deeper"]),
          fields: members("transaction", "sample_rand"),
          native: anything,
        },
        {
          paths: at(contextless.slice(2), ["inside", "deeper"]),
          fields: members("sample_rate"),
          native: rate,
        },
      ],
    },
    {
      reason:
        "A decision that was left open stays open while nobody takes it. SentryPropagator makes a no of it.",
      listed: [
        {
          paths: at(["deferred", "deferred, without a context"], ["passedOn"]),
          fields: ["flag"],
          native: "0",
          ours: "none",
        },
      ],
    },
    {
      reason: "Who takes the decision that was left open says so, beside the rate it was taken by.",
      listed: [
        {
          paths: at(["deferred"], ["inside", "deeper"]),
          fields: members("sampled"),
          ours: rate === "1" ? "true" : "false",
        },
      ],
    },
    {
      reason:
        "Without a span there is no trace to go on with. Sentry's SDK sends the trace of the scope, which lasts as long " +
        "as the process.",
      listed: [
        {
          paths: ["nothing, passedOn"],
          fields: [
            "trace id",
            "span id",
            "flag",
            ...members("environment", "release", "public_key", "trace_id"),
          ],
          native: anything,
        },
      ],
    },
    ...(rate === "0" ? [nameless] : []),
  ];
}
