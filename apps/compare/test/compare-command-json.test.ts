import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { TraceComparison } from "@tracebridge/comparison";
import { describe, expect, it } from "vitest";
import { sendRecordedOrder } from "./recorded-order.ts";
import { createYoungTrace } from "./young-trace.ts";
import { useCompare } from "./use-compare.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../docs/compare-json.schema.json", import.meta.url), "utf8"),
) as object;

describe("npm run compare -- --json", () => {
  const server = useCompare("compare-command.ts");

  const readers: [TraceComparison["verdict"], number, () => Promise<string[]>][] = [
    ["equal", 0, async () => [await sendRecordedOrder(server.url, { order: "order-failed" })]],
    [
      "different",
      1,
      async () => {
        const traceId = await sendRecordedOrder(server.url, {
          change: (span) => (span.name === "update item" ? undefined : span),
        });
        return [traceId];
      },
    ],
    ["one-sided", 2, async () => [await sendRecordedOrder(server.url, { sides: ["otlp"] })]],
    [
      "incomplete",
      2,
      async () => {
        const trace = createYoungTrace();
        await trace.send(server.url, "root", "second");
        return [trace.traceId, "--left", trace.file, "--wait", "0"];
      },
    ],
  ];
  it.each(readers)(
    "prints %s as one document that the schema describes in full",
    async (verdict, exitCode, prepare) => {
      const args = await prepare();
      const { code, stdout } = await server.run([...args, "--json"]);
      const document = JSON.parse(stdout) as TraceComparison;
      expect([document.verdict, code]).toEqual([verdict, exitCode]);
      const ajv = new Ajv2020({ strict: true, allErrors: true, strictRequired: false });
      ajv.validate(closeObjects(schema), document);
      expect(ajv.errors ?? []).toEqual([]);
    },
  );

  it("prints what compare's API answers", async () => {
    const traceId = await sendRecordedOrder(server.url);
    const { stdout } = await server.run([traceId, "--json"]);
    const answer = await fetch(`${server.url}/api/comparisons/${traceId}`);
    expect(JSON.parse(stdout)).toEqual(await answer.json());
  });

  it("says on the other output why nothing was compared", async () => {
    const traceId = await sendRecordedOrder(server.url, { sides: ["otlp"] });
    const { stderr } = await server.run([traceId, "--json"]);
    expect(stderr).toContain("Sentry (local:sentry) has no span of this trace");
    expect(stderr).toContain("SENTRY_TRACES_SAMPLE_RATE");
  });

  it("finds what the schema does not describe", () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    expect(ajv.validate(schema, { schemaVersion: 2 })).toBe(false);
  });
});

/** Readers must take new fields; what is printed today has none that the schema does not name. */
function closeObjects(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) =>
    typeof value === "object" && value !== null && "properties" in value && "required" in value
      ? { ...value, additionalProperties: false }
      : value,
  ) as object;
}
