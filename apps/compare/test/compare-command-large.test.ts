import { describe, expect, it } from "vitest";
import { runProgram } from "./compare-process.ts";
import { writeTemporaryFile } from "./temporary-file.ts";

const traceId = "c".repeat(32);
const time = "1795276384000000000";

describe("npm run compare prints what is large beyond measure:", () => {
  it("a name and a value of megabytes, cut", async () => {
    const sides = ["x", "y"].map((letter) => {
      const attributes = [{ key: "text", value: { stringValue: letter.repeat(3_000_000) } }];
      return writeSpans(`${letter}.json`, [{ service: "web", name: letter.repeat(3_000_000), attributes }]);
    });
    const { code, stdout } = await compare(...sides);
    expect(code).toBe(1);
    expect(stdout.length).toBeLessThan(100_000);
    expect(stdout).toMatch(/^ {4}attribute "text"\n {6}x\.json {2}"x+$/m);
  });

  it("150,000 services", async () => {
    const spans = Array.from({ length: 150_000 }, (_, index) => ({ service: `service-${index}` }));
    const file = writeSpans("many.json", spans);
    const { code, stdout } = await compare(file, file);
    expect([code, stdout.match(/^ {2}service-\d+ +1 span +1 span$/gm)?.length]).toEqual([0, 150_000]);
  });

  it("200,000 logs of the same text that one side lacks", async () => {
    const span = { service: "web" };
    const logRecords = Array.from({ length: 200_000 }, () => ({ traceId, timeUnixNano: time, body: {} }));
    const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    const [left, right] = [writeSpans("left.json", [span]), writeSpans("right.json", [span], logs)];
    const { code, stdout } = await compare(left, right);
    expect([code, stdout.includes("200000 unexplained differences")]).toEqual([1, true]);
  });
});

interface Sample {
  service: string;
  name?: string;
  attributes?: object[];
}

function compare(left = "", right = ""): ReturnType<typeof runProgram> {
  return runProgram("compare-command.ts", [traceId, "--left", `file:${left}`, "--right", `file:${right}`]);
}

/** @returns the file's path */
function writeSpans(file: string, spans: readonly Sample[], more = ""): string {
  const resourceSpans = spans.map(({ service, ...span }, index) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: [
          {
            traceId,
            spanId: (index + 1).toString(16).padStart(16, "0"),
            startTimeUnixNano: time,
            endTimeUnixNano: time,
            ...span,
          },
        ],
      },
    ],
  }));
  return writeTemporaryFile(file, `${JSON.stringify({ resourceSpans })}\n${more}`);
}
