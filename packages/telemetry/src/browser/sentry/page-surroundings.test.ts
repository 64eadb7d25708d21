import { SpanKind } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { createPageSurroundings } from "./page-surroundings.ts";

const surroundings = createPageSurroundings();
const nameSpan = (name: string, op?: string) =>
  surroundings.nameSpan({ name, kind: SpanKind.INTERNAL, attributes: op ? { "sentry.op": op } : {} });
const readOrigin = (scope: string, op?: string) => surroundings.readOrigin(scope, SpanKind.INTERNAL, op);

test("a span keeps the name that every back end has", () => {
  expect(nameSpan("POST /order", "http.client")).toEqual({
    name: "POST /order",
    op: "http.client",
    source: "url",
  });
  expect(nameSpan("handleSubmit")).toEqual({ name: "handleSubmit", source: "custom" });
});

test("only views and requests are named by addresses", () => {
  const ops = ["pageload", "navigation", "http.client", "ui.action.click", "function"];
  expect(ops.map((op) => nameSpan("x", op).source)).toEqual(["url", "url", "url", "custom", "custom"]);
});

test("spans of telemetry's own have the origins of Sentry's SDK", () => {
  const origins = {
    pageload: "auto.pageload.browser",
    navigation: "auto.navigation.browser",
    "http.client": "auto.http.browser",
    "resource.script": "auto.resource.browser.metrics",
    "browser.request": "auto.ui.browser.metrics",
    "ui.action.submit": "auto.ui.browser.interaction",
    "ui.webvital.lcp": "auto.ui.browser.lcp",
    "ui.webvital.cls": "auto.ui.browser.cls",
    "ui.interaction.press": "auto.ui.browser.inp",
  };
  for (const [op, origin] of Object.entries(origins)) {
    expect(readOrigin("@tracebridge/instrumentation-page", op)).toBe(origin);
  }
});

test("spans of the application are manual, whatever their op", () => {
  expect(readOrigin("@tracebridge/telemetry", "http.client")).toBe("manual");
  expect(readOrigin("@tracebridge/instrumentation-page")).toBe("manual");
});
