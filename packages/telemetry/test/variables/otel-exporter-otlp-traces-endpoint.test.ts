import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

test("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used as it is and wins over the base endpoint", async () => {
  const seen: string[] = [];
  const { receiver } = await runFixture(
    (to) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${to.url}/own/path?key=1`,
    }),
    {
      receiver: {
        fallback: (request, response) => {
          seen.push(request.url ?? "");
          response.end();
        },
      },
    },
  );
  expect(seen).toEqual(["/own/path?key=1"]);
  expect(receiver.otlp.requests.map((request) => request.path)).toEqual(["/v1/logs"]);
});

test("a value that is no URL is told once and the base endpoint is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "ftp://user:hunter2@example",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="ftp://***@example"'),
  ]);
  expect(receiver.otlp.spans.length).toBeGreaterThan(0);
});
