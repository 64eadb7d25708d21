import { expect, it } from "vitest";
import { createTraceLinks } from "../src/trace/trace-links.ts";

it("links to the trace as each back end received it, and to both beside each other", () => {
  expect(createTraceLinks("http://localhost:8007", "abc").map((link) => link.href)).toEqual([
    "http://localhost:8007/trace/abc?view=sentry",
    "http://localhost:8007/trace/abc?view=otlp",
    "http://localhost:8007/trace/abc",
  ]);
});
