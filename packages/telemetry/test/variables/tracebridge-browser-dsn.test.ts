import { expect, test } from "vitest";
import { openPageHost, TUNNEL, writeError } from "../browser-host/open-page-host.ts";
import { toBoth } from "../fixture-process.ts";

test("unset, pages send to the project of the service", async () => {
  const host = await openPageHost({ env: (to) => ({ SENTRY_DSN: to.dsn }) });
  const { config } = await host.open();
  expect(config?.sentry).toEqual({
    dsn: host.receiver.dsn,
    tunnel: TUNNEL,
    spans: true,
    errors: true,
    tracesSampleRate: 1,
  });
  expect((await host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }))).status).toBe(200);
  expect(host.receiver.sentry.events).toHaveLength(1);
});

test("TRACEBRIDGE_BROWSER_DSN is the project of pages alone: envelopes for that of the service are refused", async () => {
  const host = await openPageHost({
    env: (to) => ({ ...toBoth(to), TRACEBRIDGE_BROWSER_DSN: to.dsn.replace("public", "pages") }),
  });
  const own = host.receiver.dsn.replace("public", "pages");
  expect((await host.open()).config?.sentry?.dsn).toBe(own);
  expect((await host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }))).status).toBe(403);
  expect((await host.post(TUNNEL, writeError({ dsn: own }))).status).toBe(200);
  expect(host.receiver.sentry.events).toHaveLength(1);
});

test("TRACEBRIDGE_BROWSER_DSN alone gives Sentry the pages, spans included, and nothing of the service", async () => {
  const host = await openPageHost({
    env: (to) => ({ OTEL_TRACES_EXPORTER: "none", TRACEBRIDGE_BROWSER_DSN: to.dsn }),
  });
  expect((await host.open()).config?.sentry).toMatchObject({ dsn: host.receiver.dsn, spans: true });
  expect((await host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }))).status).toBe(200);
  await host.end();
  expect(host.receiver.sentry.events).toHaveLength(1);
  expect([host.receiver.sentry.spans, host.receiver.otlp.spans]).toEqual([[], []]);
});

test("a malformed TRACEBRIDGE_BROWSER_DSN is told without its value, and that of the service is used", async () => {
  const host = await openPageHost({
    env: (to) => ({ SENTRY_DSN: to.dsn, TRACEBRIDGE_BROWSER_DSN: "https://hidden_part@" }),
  });
  expect((await host.open()).config?.sentry?.dsn).toBe(host.receiver.dsn);
  await host.end();
  expect(host.warnings).toEqual([expect.stringContaining("TRACEBRIDGE_BROWSER_DSN: malformed")]);
  expect(host.warnings.join("")).not.toContain("hidden_part");
});
