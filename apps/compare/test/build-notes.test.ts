import type { Trace, TraceError, TraceSpan } from "@tracebridge/comparison";
import { describe, expect, it } from "vitest";
import { buildNotes } from "../src/server/comparisons/build-notes.ts";

const traceId = "d".repeat(32);
const time = "1795276384000000000";
const place = { traceId, spanId: "1".repeat(16), service: "web" };

function createTrace(format: Trace["format"], parts: Partial<Trace>): Trace {
  return { traceId, format, spans: [], errors: [], logs: [], ...parts };
}

function createIssue(title: string): TraceError {
  return { ...place, eventId: "e".repeat(32), timeUnixNano: time, title, tags: {}, breadcrumbs: [] };
}

function createSpan(...exceptions: Record<string, string>[]): TraceSpan {
  return {
    ...place,
    name: "GET /",
    status: "error",
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: {},
    resource: {},
    events: exceptions.map((attributes) => ({ name: "exception", timeUnixNano: time, attributes })),
    links: [],
  };
}

function readNotes(issues: string[], exceptions: Record<string, string>[]): string[] {
  const sentry = createTrace("sentry", { errors: issues.map(createIssue) });
  const otlp = createTrace("otlp", { spans: [createSpan(...exceptions)] });
  return buildNotes(sentry, otlp, time).map(({ side, text }) => `${side}: ${text}`);
}

describe("the errors of both sides", () => {
  const plain = { "exception.type": "Error", "exception.message": "it broke" };
  const withCode = {
    "exception.type": "ECONNREFUSED",
    "exception.message": "nobody there",
    "exception.stacktrace": "Error: nobody there\n    at connect (net.js:1:2)",
  };

  it("are one where an issue has the title of an exception", () => {
    expect(readNotes(["Error: it broke"], [plain])).toEqual(["both: Error: it broke"]);
  });

  it("are one where OpenTelemetry has an error's code for its class", () => {
    expect(readNotes(["Error: nobody there"], [withCode])).toEqual(["both: Error: nobody there"]);
  });

  it("are two where they are not the same, and each is told once", () => {
    expect(readNotes(["Error: another"], [plain])).toEqual([
      "left: Error: another",
      "right: Error: it broke",
    ]);
    expect(readNotes(["Error: it broke"], [plain, plain])).toEqual([
      "both: Error: it broke",
      "right: Error: it broke",
    ]);
  });
});
