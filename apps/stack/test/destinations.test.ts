import { describe, expect, it } from "vitest";
import { readDestinations } from "../src/destinations.ts";

describe("what the banner says of the spans", () => {
  it.each([
    [{}, "the local Sentry receiver and the local OTLP receiver", true],
    [{ OTEL_TRACES_EXPORTER: "otlp" }, "the local OTLP receiver", true],
    [{ OTEL_TRACES_EXPORTER: "sentry", SENTRY_DSN: "https://k@o1/2" }, "Sentry by your SENTRY_DSN", false],
    [{ SENTRY_DSN: "" }, "the local OTLP receiver", true],
    [{ SENTRY_DSN: "https://k@o1/2" }, "Sentry by your SENTRY_DSN and the local OTLP receiver", true],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://jaeger:4318" },
      "the local Sentry receiver and your OTLP endpoint",
      true,
    ],
    [{ OTEL_TRACES_EXPORTER: "console" }, "the services' output", false],
    [{ OTEL_TRACES_EXPORTER: "none" }, "nowhere (OTEL_TRACES_EXPORTER=none)", false],
    [{ OTEL_TRACES_EXPORTER: "jaeger" }, "see the warnings above about OTEL_TRACES_EXPORTER", true],
    [{ OTEL_SDK_DISABLED: "true" }, "nowhere (OTEL_SDK_DISABLED=true)", false],
  ])("with %o is true", (env, text, arriveHere) => {
    expect(readDestinations(env)).toEqual({ text, arriveHere });
  });
});
