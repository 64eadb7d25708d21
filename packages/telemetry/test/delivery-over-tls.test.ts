import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createCertificate } from "./create-certificate.ts";
import { runFixture } from "./fixture-process.ts";

/** A server for both back ends whose certificate only they trust who are told so. */
async function startServer() {
  const { certificate, key } = createCertificate();
  const folder = mkdtempSync(join(tmpdir(), "tracebridge-tls-"));
  const file = join(folder, "authority.pem");
  writeFileSync(file, certificate);
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer({ cert: certificate, key }, ({ url = "", headers }, response) => {
    requests.push({ path: url.split("?", 1)[0] ?? "", headers });
    response.end();
  });
  await once(server.listen(0), "listening");
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  const env = {
    SENTRY_DSN: `https://key@localhost:${port}/1`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://name:p%40ss@localhost:${port}`,
    OTEL_TRACES_EXPORTER: "otlp,sentry",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_BSP_SCHEDULE_DELAY: "1",
    FIXTURE_WAIT_MILLIS: "100",
  };
  return { env, file, requests };
}

test("both back ends are reached over TLS with an authority that Node trusts, by requests without trace headers", async () => {
  const { env, file, requests } = await startServer();
  const { exitCode, warnings } = await runFixture({ ...env, NODE_EXTRA_CA_CERTS: file });
  expect(warnings).toEqual([]);
  expect(new Set(requests.map(({ path }) => path))).toEqual(new Set(["/v1/traces", "/api/1/envelope/"]));
  for (const { path, headers } of requests) {
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/trace|baggage/)]),
    );
    const credentials = path === "/v1/traces" ? `Basic ${btoa("name:p@ss")}` : undefined;
    expect(headers.authorization).toBe(credentials);
  }
  expect(exitCode).toBe(0);
});

test("without that authority nothing is sent, and both say why", async () => {
  const { env, requests } = await startServer();
  const { warnings, report } = await runFixture(env);
  expect(requests).toEqual([]);
  expect(warnings.filter((line) => line.includes("certificate"))).toHaveLength(2);
  expect(report.stats?.spans.sinks["otlp"]).toMatchObject({ delivered: 0, dropped: { network_error: 3 } });
});
