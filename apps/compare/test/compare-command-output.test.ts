import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { sendRecordedOrder, type OtlpJsonSpan, type Sending } from "./recorded-order.ts";
import { useCompare } from "./use-compare.ts";

type Change = NonNullable<Sending["change"]>;

describe("what npm run compare prints", () => {
  const server = useCompare("compare-command.ts");
  const send = (sending?: Sending): Promise<string> => sendRecordedOrder(server.url, sending);

  it.each([40, 80, 120])("keeps to %i columns, but for addresses", async (columns) => {
    const traceId = await send({
      change: onOne((span) => ({ ...span, name: "an order ".repeat(20) })),
    });
    const { stdout } = await server.run([traceId, "--all"], { COLUMNS: String(columns) });
    const wide = stdout.split("\n").filter((line) => line.length > columns && !/https?:/.test(line));
    expect(wide).toEqual([]);
    expect(stdout).toContain("≠");
  });

  it("is the same with FORCE_COLOR, but for the colours", async () => {
    const traceId = await send();
    const [plain, coloured] = await Promise.all([
      server.run([traceId]),
      server.run([traceId], { FORCE_COLOR: "1" }),
    ]);
    expect(coloured.stdout).toContain("\u001b[");
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout);
  });

  it("lets no span take over the terminal", async () => {
    const hostile = "\u001b[2J\u009b2J\r\n\u202e\u0007";
    const traceId = await send({
      change: onOne((span) => ({
        ...span,
        name: hostile,
        attributes: [...span.attributes, { key: hostile, value: { stringValue: hostile } }],
        status: { code: 2, message: hostile },
      })),
    });
    for (const args of [
      [traceId, "--all"],
      [traceId, "--json"],
    ]) {
      const { code, stdout } = await server.run(args);
      expect(code).toBe(1);
      expect(stdout.replaceAll("\n", "").match(/[\p{Cc}\u202e]/gu)).toBeNull();
    }
  });
});

function onOne(change: Change): Change {
  return (span: OtlpJsonSpan) => (span.spanId === "5568d78fb0002802" ? change(span) : span);
}
