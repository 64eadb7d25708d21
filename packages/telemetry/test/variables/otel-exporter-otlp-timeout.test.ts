import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_EXPORTER_OTLP_TIMEOUT ends an export that is never answered", async () => {
  const { warnings, report } = await runFixture(
    (to) => ({ ...toOtlp(to), OTEL_EXPORTER_OTLP_TIMEOUT: "200", OTEL_LOGS_EXPORTER: "none" }),
    { receiver: { respond: () => ({ status: 200, delayMillis: Infinity }) } },
  );
  expect(warnings[0]).toMatch(/OTLP spans cannot be delivered/);
  expect(report.stats?.spans.sinks["otlp"]).toMatchObject({ accepted: 3, delivered: 0 });
  expect(sum(report.stats?.spans.sinks["otlp"]?.dropped)).toBe(3);
});

test("a server that drips its answer byte by byte is cut off by the same limit", async () => {
  const { report, exitCode } = await runFixture({
    OTEL_EXPORTER_OTLP_ENDPOINT: await startDrip(),
    OTEL_EXPORTER_OTLP_TIMEOUT: "300",
    OTEL_LOGS_EXPORTER: "none",
  });
  expect(report.stats?.spans.sinks["otlp"]).toEqual({ accepted: 3, delivered: 0, dropped: { timeout: 3 } });
  expect(exitCode).toBe(0);
});

test("the shutdown ends before a limit that is longer than it may take", async () => {
  const { report, warnings } = await runFixture({
    OTEL_EXPORTER_OTLP_ENDPOINT: await startDrip(),
    OTEL_EXPORTER_OTLP_TIMEOUT: "9000",
    OTEL_LOGS_EXPORTER: "none",
  });
  expect(report.stats?.spans.sinks["otlp"]?.dropped).toEqual({ shutdown: 3 });
  expect(warnings[0]).toContain("Not delivered until the end: 3 of 3 spans for otlp");
});

test("a value that is no whole number is told once and the default is used", async () => {
  for (const value of ["10s", "-5", "0"]) {
    const { receiver, warnings } = await runFixture((to) => ({
      ...toOtlp(to),
      OTEL_EXPORTER_OTLP_TIMEOUT: value,
    }));
    expect(warnings).toEqual([expect.stringContaining(`OTEL_EXPORTER_OTLP_TIMEOUT="${value}": `)]);
    expect(warnings[0]).toContain("Using the default 10000.");
    expect(receiver.otlp.spans).toHaveLength(3);
  }
});

function sum(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** A server that sends one byte of an endless header every 50 ms. */
async function startDrip(): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {}).resume();
    socket.write("HTTP/1.1 200 OK\r\nx-drip: ");
    const timer = setInterval(() => socket.write("x"), 50);
    socket.on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
