import { describe, expect, it } from "vitest";
import { describeDestinations } from "../src/destinations.ts";

const local = "the local Sentry receiver and the local OTLP receiver";

describe("what the banner says of the spans", () => {
  it.each([
    [{}, local],
    [{ OTEL_TRACES_EXPORTER: "otlp" }, "the local OTLP receiver"],
    [{ OTEL_TRACES_EXPORTER: "sentry", SENTRY_DSN: "https://k@o1/2" }, "Sentry by your SENTRY_DSN"],
    [{ SENTRY_DSN: "" }, "the local OTLP receiver"],
    [{ SENTRY_DSN: "https://k@o1/2" }, "Sentry by your SENTRY_DSN and the local OTLP receiver"],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://jaeger:4318" },
      "the local Sentry receiver and your OTLP endpoint",
    ],
    [{ OTEL_TRACES_EXPORTER: "console" }, "the services' output"],
    [{ OTEL_TRACES_EXPORTER: "none" }, "nowhere (OTEL_TRACES_EXPORTER=none)"],
    [{ OTEL_TRACES_EXPORTER: "jaeger" }, "see the warnings above about OTEL_TRACES_EXPORTER"],
    [{ OTEL_SDK_DISABLED: "true" }, "nowhere (OTEL_SDK_DISABLED=true)"],
  ])("with %o is true", (env, text) => {
    expect(describeDestinations(env)).toBe(text);
  });

  it.each([
    [{ TRACEBRIDGE_BROWSER_EXPORTER: "none" }, "nowhere (TRACEBRIDGE_BROWSER_EXPORTER=none)"],
    [{ TRACEBRIDGE_BROWSER_EXPORTER: "otlp, console" }, "the local OTLP receiver and the browser's console"],
    [
      { TRACEBRIDGE_BROWSER_EXPORTER: "sentry", TRACEBRIDGE_BROWSER_DSN: "https://k@o1/3" },
      "Sentry by your TRACEBRIDGE_BROWSER_DSN",
    ],
    [
      { TRACEBRIDGE_BROWSER_DSN: "https://k@o1/3" },
      "Sentry by your TRACEBRIDGE_BROWSER_DSN and the local OTLP receiver",
    ],
  ])("of a page with %o is true as well", (env, text) => {
    expect(describeDestinations(env)).toBe(`${local}; those of the page: ${text}`);
  });
});
