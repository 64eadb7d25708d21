import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram, startCompare } from "./compare-process.ts";
import { sendRecordedOrder } from "./recorded-order.ts";
import { writeTemporaryFile } from "./temporary-file.ts";

const command = "compare-command.ts";

describe("npm run compare -- --export", () => {
  let server: Awaited<ReturnType<typeof startCompare>>;
  let traceId: string;
  beforeAll(async () => {
    server = await startCompare();
    traceId = await sendRecordedOrder(server.url, { order: "order-failed" });
  });
  afterAll(() => server.stop());

  const compare = (...args: string[]): ReturnType<typeof runProgram> =>
    runProgram(command, args, { COMPARE_URL: server.url });

  it.each([
    ["otlp", "local:otlp"],
    ["jaeger-v1", "local:otlp"],
    ["jaeger-v3", "local:otlp"],
    ["sentry", "local:sentry"],
    ["sentry-api", "local:sentry"],
  ])("writes %s of %s that is equal to it when read from a file", async (format, source) => {
    const exported = await compare(traceId, "--left", source, "--export", format);
    expect([exported.code, exported.stderr]).toEqual([0, ""]);
    const file = writeTemporaryFile(`${format}.txt`, exported.stdout);
    const { code, stdout } = await compare(traceId, "--left", `file:${file}`, "--right", source);
    expect([stdout, code]).toEqual([expect.stringContaining("\nEqual: "), 0]);
  });

  it("says which source has nothing to export, and exits with 2", async () => {
    const onlySentry = await sendRecordedOrder(server.url, { sides: ["sentry"] });
    const { code, stdout, stderr } = await compare(
      onlySentry,
      "--left",
      "local:otlp",
      "--export",
      "otlp",
      "--wait",
      "0",
    );
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("Nothing is known of")]);
    expect(stderr).toContain(" by local:otlp.\n");
  });
});
