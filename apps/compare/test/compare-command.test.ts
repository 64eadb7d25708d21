import { describe, expect, it } from "vitest";
import { envelopeOf, otlpOf } from "./samples.ts";
import { sendRecordedOrder, type OtlpJsonSpan, type Sending } from "./recorded-order.ts";
import { writeTemporaryFile } from "./temporary-file.ts";
import { useCompare } from "./use-compare.ts";

type Change = NonNullable<Sending["change"]>;

describe("npm run compare", () => {
  const server = useCompare("compare-command.ts");
  const send = (sending?: Sending): Promise<string> => sendRecordedOrder(server.url, sending);

  it("finds a finished order equal, prints both trees and exits with 0", async () => {
    const traceId = await send();
    const { code, stdout, stderr } = await server.run([traceId]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Trace ${traceId}`);
    expect(stdout).toContain("Sentry (local:sentry): 23 spans in 3 services, 5 logs");
    expect(stdout).toContain("OTLP (local:otlp): 23 spans in 3 services, 5 logs");
    const lines = readLines(stdout);
    expect(lines).toContain("web: POST /order http.server 123 ms ok ≈ web: POST /order server 123 ms unset");
    expect(lines).toContain(
      "factory: send order queue.publish 7.0 ms ok ≈ factory: send order producer 7.0 ms unset",
    );
    expect(stdout).toMatch(/^Equal: \d+ differences, each explained\.$/m);
    expect(stdout).toMatch(/^≈ +\d+ × .+ \(sentry-status\)$/m);
    expect(stdout).toContain(`In the browser: ${server.url}/trace/${traceId}\n`);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toContain("unexplained");
  });

  it("takes the larger trace where each source knows another one by the order id", async () => {
    const traceId = await send({ orderId: "dave" });
    const small = { spanId: "8".repeat(16), name: "GET /order/:id", service: "web", orderId: "dave" };
    const file = writeTemporaryFile("small.json", otlpOf(small));
    const { stdout } = await server.run(["dave", "--left", `file:${file}`]);
    expect(stdout).toContain(`Trace ${traceId}\n`);
    expect(stdout).toMatch(
      /^Could not compare: small\.json .* has no span of this trace\.\n- The file was made/m,
    );
  });

  it("prints where the errors of a failed order sit in both views", async () => {
    const { code, stdout } = await server.run([await send({ order: "order-failed" })]);
    expect(code).toBe(0);
    expect(readSection(stdout, "Errors, and the spans they are on")).toEqual([
      "  Error: The machine broke down, as the order asked for",
      "    both: factory: process factory  8208c1049977e516",
      "    both: factory: process factory  90a27bc1fa11274f",
      "    both: factory: process factory  874ac70eff6e719e",
    ]);
    expect(readLines(stdout)).toContain(
      "factory 14 spans, 3 failed, 3 errors, 9 logs 14 spans, 3 failed, 9 logs",
    );
  });

  const differences: [string, Change, string[]][] = [
    [
      "removed",
      onOne(() => undefined),
      ["≠ web: insert order  5568d78fb0002802", "    only Sentry has this span"],
    ],
    [
      "re-parented",
      onOne((span) => ({ ...span, parentSpanId: "e0b37b15f7a13425" })),
      [
        "≠ web: insert order  5568d78fb0002802",
        "    parent",
        "      Sentry  web: /order  769a24e5e471ec4e",
        "      OTLP    web: POST /order  e0b37b15f7a13425",
      ],
    ],
    [
      "renamed",
      onOne((span) => ({ ...span, name: "insert orders" })),
      [
        "≠ web: insert order  5568d78fb0002802",
        "    name",
        '      Sentry  "insert order"',
        '      OTLP    "insert orders"',
      ],
    ],
    [
      "retimed",
      onOne((span) => ({ ...span, endTimeUnixNano: addMillis(span.endTimeUnixNano, 5) })),
      [
        "≠ web: insert order  5568d78fb0002802",
        "    duration",
        expect.stringMatching(/^ {6}Sentry {2}9\.\d{3} ms$/),
        expect.stringMatching(/^ {6}OTLP {4}14\.\d{3} ms$/),
      ],
    ],
    [
      "given another status",
      onOne((span) => ({ ...span, status: { code: 2 } })),
      ["≠ web: insert order  5568d78fb0002802", "    status", "      Sentry  ok", "      OTLP    error"],
    ],
  ];
  it.each(differences)(
    "finds a span that is %s on one side, prints just that as unexplained and exits with 1",
    async (_what, change, section) => {
      const { code, stdout } = await server.run([await send({ change })]);
      expect(readSection(stdout, "1 unexplained difference")).toEqual(section);
      expect(stdout).toMatch(/^Different: 1 unexplained difference, \d+ explained\.$/m);
      expect(readLines(stdout).filter((line) => / ≠[ <]/.test(line)).length).toBeGreaterThan(0);
      expect(code).toBe(1);
    },
  );

  it("takes times within --tolerance for equal", async () => {
    const traceId = await send({
      change: onOne((span) => ({
        ...span,
        endTimeUnixNano: addMillis(span.endTimeUnixNano, 5),
      })),
    });
    const codes = await Promise.all(
      ["5.5", "4.5"].map(async (tolerance) => (await server.run([traceId, "--tolerance", tolerance])).code),
    );
    expect(codes).toEqual([0, 1]);
  });

  it("prints with --all each explained difference beneath its rule, and why", async () => {
    const { stdout } = await server.run([await send(), "--all"]);
    const section = readSection(stdout, /^\d+ explained differences, by rule$/);
    const start = section.findIndex((line) => line.endsWith("(sentry-name)"));
    expect(section.slice(start, start + 8).join("\n")).toMatch(
      /web: \/order {2}769a24e5e471ec4e\n {4}name\n/,
    );
  });

  it("takes equal logs for no comparison where neither side has a span, and exits with 2", async () => {
    const traceId = "5".repeat(32);
    const record = { traceId, timeUnixNano: "1795276384000000000", body: { stringValue: "made" } };
    const file = writeTemporaryFile(
      "logs.json",
      JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
    );
    const { code, stdout } = await server.run([traceId, "--left", `file:${file}`, "--right", `file:${file}`]);
    expect(code).toBe(2);
    expect(stdout).toContain("Could not compare: neither side has a span of this trace");
    expect(stdout).toContain("OTEL_TRACES_EXPORTER");
  });

  it("says which side has nothing and why that may be, and exits with 2", async () => {
    const { code, stdout } = await server.run([await send({ sides: ["sentry"] })]);
    expect(code).toBe(2);
    expect(stdout).toContain("Could not compare: OTLP (local:otlp) has no span of this trace.");
    for (const name of ["OTEL_TRACES_EXPORTER", "OTEL_TRACES_SAMPLER", "COMPARE_STORE_MIB"])
      expect(stdout).toContain(name);
    expect(stdout).not.toContain("unexplained");
  });

  it("finds the order's own trace by order id, and names the requests that only asked for it", async () => {
    const traceId = await send({ orderId: "carol" });
    const asked = { traceId: "9".repeat(32), spanId: "9".repeat(16), name: "GET /order/:id", service: "web" };
    await fetch(`${server.url}/api/1/envelope/`, {
      method: "POST",
      body: envelopeOf({ ...asked, orderId: "carol" }),
    });
    const { code, stdout } = await server.run(["carol"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Trace ${traceId}\n`)]);
    expect(stdout).toMatch(/^carol is also in \d+ smaller traces?, such as/m);
    expect(stdout).toContain(`  npm run compare -- ${"9".repeat(32)}\n`);
  });
});

/** Changes one span without children, `insert order` of web. */
function onOne(change: Change): Change {
  return (span: OtlpJsonSpan) => (span.spanId === "5568d78fb0002802" ? change(span) : span);
}

function addMillis(unixNano: string, millis: number): string {
  return String(BigInt(unixNano) + BigInt(millis) * 1_000_000n);
}

/** Lines with their blanks made one. */
function readLines(text: string): string[] {
  return text.split("\n").map((line) => line.trim().replace(/ +/g, " "));
}

/** The lines below a heading, up to the next empty one. */
function readSection(text: string, heading: string | RegExp): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) =>
    typeof heading === "string" ? line === heading : heading.test(line),
  );
  if (start < 0) throw new Error(`there is no "${heading}" in:\n${text}`);
  const length = lines.slice(start + 1).indexOf("");
  return lines.slice(start + 1, start + 1 + length);
}
