import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOnlyTheStart, runProgram, startCompare } from "./compare-process.ts";
import { envelopeOf, sendOrder, traceId } from "./samples.ts";

describe("npm run trace", () => {
  let compare: Awaited<ReturnType<typeof startCompare>>;
  beforeAll(async () => {
    compare = await startCompare();
    await sendOrder(compare.url);
    const asked = {
      traceId: "9".repeat(32),
      spanId: "9".repeat(16),
      name: "GET /order/:id",
      service: "web",
      orderId: "alice",
    };
    await fetch(`${compare.url}/api/1/envelope/`, { method: "POST", body: envelopeOf(asked) });
  });
  afterAll(() => compare.stop());

  const trace = (...args: string[]): ReturnType<typeof runProgram> =>
    runProgram("trace-command.ts", args, { COMPARE_URL: compare.url });

  it.each(["alice", traceId])(
    "prints the trace of %s as two trees, without colours on a pipe",
    async (id) => {
      const { code, stdout } = await trace(id);
      expect(code).toBe(0);
      const tree = (kind: string): string[] => [
        `  web: POST /order     ${kind}    250 ms`,
        `    web: insert order  ${kind}    250 ms`,
        `    order: process order ${kind}    250 ms`,
      ];
      expect(stdout).toContain(`Trace ${traceId}`);
      expect(stdout).toMatch(/Sentry  3 spans in 2 services, 0 errors, 0 logs/);
      expect(stdout).toMatch(/OTLP  3 spans in 2 services, 0 logs/);
      const lines = stdout.split("\n").map((line) => line.replace(/ +/g, " "));
      for (const line of [...tree("db"), ...tree("client")]) {
        expect(
          lines.some((printed) => printed.startsWith(line.replace(/ +/g, " "))),
          line,
        ).toBe(true);
      }
      expect(stdout).not.toContain("\u001b[");
    },
  );

  it("asks at COMPARE_PORT, as npm start knows it, where no URL is set", async () => {
    const { code, stdout } = await runProgram("trace-command.ts", [traceId], {
      COMPARE_PORT: new URL(compare.url).port,
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Trace ${traceId}`)]);
  });

  it("prefers the order's own trace to requests that only asked for it, and names these", async () => {
    const { stdout } = await trace("alice");
    expect(stdout).toContain("alice is also in 1 smaller trace");
    expect(stdout).toContain(`npm run trace -- ${"9".repeat(32)}`);
  });

  it("prints JSON on request", async () => {
    const { code, stdout } = await trace("alice", "--json");
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ traceId })]);
  });

  it("says what to try when nothing is known, and exits with 1", async () => {
    const { code, stderr } = await trace("bob");
    expect([code, stderr]).toEqual([1, expect.stringContaining('Nothing is known of "bob"')]);
  });

  it("names COMPARE_URL and npm start when compare does not answer, and exits with 2", async () => {
    const { code, stderr } = await runProgram("trace-command.ts", ["x"], {
      COMPARE_URL: "http://127.0.0.1:1",
    });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^compare at http:\/\/127\.0\.0\.1:1 .*npm start.*COMPARE_URL/),
    ]);
  });

  it("says so when another program answers at COMPARE_URL, and exits with 2", async () => {
    const other = createServer((_request, response) => response.end("<html>")).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runProgram("trace-command.ts", ["x"], {
      COMPARE_URL: `http://127.0.0.1:${port}`,
    });
    other.close();
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^compare at http.* not as compare does.*COMPARE_URL/),
    ]);
  });

  it("ends quietly when nobody reads its output to the end", async () => {
    const samples = Array.from({ length: 5000 }, (_, index) => ({
      traceId: "8".repeat(32),
      spanId: (index + 1).toString(16).padStart(16, "0"),
      name: "one of many",
      service: "web",
    }));
    await fetch(`${compare.url}/api/1/envelope/`, { method: "POST", body: envelopeOf(...samples) });
    expect(
      await readOnlyTheStart("trace-command.ts", ["8".repeat(32)], { COMPARE_URL: compare.url }),
    ).toEqual({ code: 0, stderr: "" });
  });

  it.each([[[]], [["a", "b"]], [["--what"]]])(
    "with arguments %j explains itself and exits with 2",
    async (args) => {
      const { code, stderr } = await trace(...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining("npm run trace -- <order id or trace id>")]);
    },
  );
});
