import { expect, test } from "vitest";
import { openPageHost, writeError, writeSpans, JSON_TYPE } from "../browser-host/open-page-host.ts";
import { toBoth } from "../fixture-process.ts";

test("TRACEBRIDGE_BROWSER_PATH is where pages send to: what comes there arrives, and what comes to the default does not", async () => {
  const host = await openPageHost({
    env: (to) => ({ ...toBoth(to), TRACEBRIDGE_BROWSER_PATH: "/monitoring/of-pages" }),
  });
  const { config } = await host.open();
  expect(config?.sentry?.tunnel).toBe("/monitoring/of-pages/e");
  expect(config?.otlp?.url).toBe("/monitoring/of-pages/t");
  const envelope = writeError({ dsn: host.receiver.dsn });
  const statuses = [
    await host.post("/monitoring/of-pages/e", envelope),
    await host.post("/monitoring/of-pages/t", writeSpans(), JSON_TYPE),
    await host.post("/tb/e", envelope),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 404]);
  expect(host.receiver.sentry.events).toHaveLength(1);
  expect(host.receiver.otlp.spans.filter(({ service }) => service === "page")).toHaveLength(1);
});

test.each(["tb", "/", "/tb/", "//evil.test", "/a/../b", "/a b", "https://evil.test/tb", "/tb?x"])(
  "TRACEBRIDGE_BROWSER_PATH=%s is told once, and /tb is used",
  async (path) => {
    const host = await openPageHost({ env: (to) => ({ ...toBoth(to), TRACEBRIDGE_BROWSER_PATH: path }) });
    expect((await host.post("/tb/e", writeError({ dsn: host.receiver.dsn }))).status).toBe(200);
    expect(host.receiver.sentry.events).toHaveLength(1);
    await host.end();
    expect(host.warnings).toEqual([
      expect.stringMatching(/TRACEBRIDGE_BROWSER_PATH=.*Using the default \/tb\./),
    ]);
  },
);
