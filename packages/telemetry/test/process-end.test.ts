import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

const fixture = { fixture: "ends-after-shutdown.ts" };
const patient = {
  OTEL_EXPORTER_OTLP_TIMEOUT: "60000",
  OTEL_BSP_EXPORT_TIMEOUT: "60000",
  OTEL_BLRP_EXPORT_TIMEOUT: "60000",
};

test("after the shutdown nothing keeps the process alive, when no back end can be reached", async () => {
  const { stdout, exitCode } = await runFixture(
    {
      ...patient,
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
      SENTRY_DSN: "http://public@127.0.0.1:9/1",
    },
    fixture,
  );
  expect(stdout).toBe("shut down\nend\n");
  expect(exitCode).toBe(0);
});

test.each([
  ["http/protobuf", "never answer", { status: 200, delayMillis: Infinity }, "shutdown"],
  [
    "http/json",
    "want a retry in 30 seconds",
    { status: 503, headers: { "retry-after": "30" } },
    "send_error",
  ],
])("nor with %s when all back ends %s", async (protocol, _, answer, reason) => {
  const { stdout, exitCode, warnings } = await runFixture(
    (to) => ({ ...toBoth(to), ...patient, OTEL_EXPORTER_OTLP_PROTOCOL: protocol }),
    { ...fixture, receiver: { respond: () => answer } },
  );
  expect(stdout).toBe("shut down\nend\n");
  expect(exitCode).toBe(0);
  expect(warnings.at(-1)).toContain(`1 of 1 spans for otlp (${reason} 1)`);
});

test("nor with grpc when the back end accepts connections and says nothing", async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout, exitCode } = await runFixture(
    { ...patient, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
    fixture,
  );
  expect(sockets.length).toBeGreaterThan(0);
  expect(stdout).toBe("shut down\nend\n");
  expect(exitCode).toBe(0);
});

test("an envelope that waits for its next attempt keeps no process alive that has nothing else to do", async () => {
  const { exitCode, warnings } = await runFixture((to) => ({ SENTRY_DSN: to.dsn }), {
    fixture: "ends-with-an-error.ts",
    receiver: { respond: () => ({ status: 503, headers: { "retry-after": "200" } }) },
  });
  expect(exitCode).toBe(0);
  expect(warnings).toEqual([
    expect.stringContaining("the answer was 503"),
    expect.stringContaining("Not delivered until the end: 1 of 1 errors for sentry (send_error 1)"),
  ]);
});
