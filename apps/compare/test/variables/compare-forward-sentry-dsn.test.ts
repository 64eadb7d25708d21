import { startReceiver, type Receiver } from "@tracebridge/receivers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram, startCompare, type CompareProcess } from "../compare-process.ts";
import { envelopeOf, order, otlpOf } from "../samples.ts";

/** The machine may do other work as well. */
const patiently = { timeout: 60_000 };

describe("COMPARE_FORWARD_SENTRY_DSN", () => {
  let sentry: Receiver;
  let compare: CompareProcess | undefined;
  beforeEach(async () => {
    sentry = await startReceiver();
  });
  afterEach(async () => {
    await compare?.stop();
    await sentry.close();
  });

  const dsnOf = ({ port }: Receiver): string => `http://my-key@127.0.0.1:${port}/prefix/42`;
  const start = async (): Promise<string> =>
    (compare = await startCompare({ COMPARE_FORWARD_SENTRY_DSN: dsnOf(sentry) })).url;
  const send = (url: string, envelope: string): Promise<Response> =>
    fetch(`${url}/api/1/envelope/?sentry_key=theirs`, { method: "POST", body: envelope });

  it("sends envelopes on with the DSN's own path and key, every item as it was", async () => {
    const paths: string[] = [];
    await sentry.close();
    sentry = await startReceiver({
      fallback: (request, response) => {
        paths.push(`${request.url} ${String(request.headers["x-sentry-auth"])}`);
        response.end();
      },
    });
    await send(await start(), envelopeOf(...order));
    await expect
      .poll(() => paths, patiently)
      .toEqual([
        "/prefix/api/42/envelope/ Sentry sentry_version=7, sentry_client=tracebridge-compare, sentry_key=my-key",
      ]);
  });

  it("writes the DSN into the header of an envelope that came through a tunnel, and changes nothing else", async () => {
    compare = await startCompare({ COMPARE_FORWARD_SENTRY_DSN: sentry.dsn });
    const header = {
      sent_at: "2026-11-21T12:00:00Z",
      dsn: "https://theirs@o1.ingest.example.com/7",
      trace: { public_key: "p" },
    };
    const rest = envelopeOf(...order)
      .split("\n")
      .slice(1);
    const other = ['{"type":"session","length":18}', '{"sid":"\u00e4","a":1}'];
    await send(compare.url, [JSON.stringify(header), ...rest, ...other].join("\n"));
    const span = { traceId: "a".repeat(32), spanId: "1".repeat(16), name: "work", service: "web" };
    const plain = envelopeOf(span).split("\n").slice(1);
    await send(compare.url, ["{}", ...plain].join("\n"));
    await sentry.waitFor("both envelopes", () => sentry.sentry.envelopes.length === 2);
    const headers = sentry.sentry.envelopes.map((envelope) => envelope.header);
    expect(headers).toContainEqual({ ...header, dsn: sentry.dsn });
    expect(headers).toContainEqual({});
    expect(sentry.sentry.spans.map(({ name }) => name)).toHaveLength(order.length + 1);
    const session = sentry.sentry.envelopes.find(({ other }) => other.length > 0);
    expect(session?.other).toMatchObject([{ type: "session" }]);
  });

  it("sends no OTLP there", async () => {
    const url = await start();
    const headers = { "content-type": "application/json" };
    await fetch(`${url}/v1/traces`, { method: "POST", headers, body: otlpOf(...order) });
    await compare?.stop();
    expect(sentry.otlp.requests).toEqual([]);
  });

  it.each([
    "https://example.com/1",
    "my-secret-key",
    "ftp://my-secret-key@example.com/1",
    "https://my-secret-key@example.com/",
  ])("=%s stops the start without telling the key", async (dsn) => {
    const { code, stderr } = await runProgram("main.ts", [], { PORT: "0", COMPARE_FORWARD_SENTRY_DSN: dsn });
    expect([code, stderr]).toEqual([1, expect.stringContaining("COMPARE_FORWARD_SENTRY_DSN cannot be used")]);
    expect(stderr).not.toContain("my-secret-key");
  });

  it.each(["localhost", "127.0.0.1", "[::1]"])(
    "with compare's own address %s stops the start",
    async (host) => {
      const env = { PORT: "8007", COMPARE_FORWARD_SENTRY_DSN: `http://key@${host}:8007/1` };
      const { code, stderr } = await runProgram("main.ts", [], env);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining("COMPARE_FORWARD_SENTRY_DSN is compare's own address"),
      ]);
    },
  );
});
