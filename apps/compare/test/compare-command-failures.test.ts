import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { readOnlyTheStart, runProgram } from "./compare-process.ts";
import { sendRecordedOrder } from "./recorded-order.ts";
import { useCompare } from "./use-compare.ts";

const command = "compare-command.ts";
const unknownId = "7".repeat(32);

describe("npm run compare, when it cannot compare,", () => {
  const server = useCompare("compare-command.ts");

  it.each([unknownId, "nobody"])("says what to try when %s is unknown, and exits with 2", async (id) => {
    const { code, stdout, stderr } = await server.run([id, "--wait", "0"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`Nothing is known of "${id}" by local:sentry or local:otlp.`);
    for (const name of [
      "COMPARE_URL",
      "OTEL_TRACES_EXPORTER",
      "SENTRY_TRACES_SAMPLE_RATE",
      "COMPARE_STORE_MIB",
    ])
      expect(stderr).toContain(name);
  });

  it("says how long it has waited", async () => {
    const { stderr } = await server.run([unknownId, "--wait", "0.2"]);
    expect(stderr).toContain(
      `Nothing is known of "${unknownId}" by local:sentry or local:otlp, after 0.2 s of waiting.`,
    );
  });

  it("names COMPARE_URL when compare does not answer, once for both sides, and exits with 2", async () => {
    const { code, stderr } = await server.run([unknownId], { COMPARE_URL: "http://127.0.0.1:1" });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^compare at http:\/\/127\.0\.0\.1:1 cannot be reached \(.+\)\. Start .* npm start, or set COMPARE_URL .*\n$/,
    );
  });

  it("says so when another program answers at COMPARE_URL, and exits with 2", async () => {
    const other = createServer((_request, response) => response.end("<html>")).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await server.run([unknownId], { COMPARE_URL: "", COMPARE_PORT: String(port) });
    other.close();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/not as compare does.*set COMPARE_URL/s)]);
  });

  it.each([
    { COMPARE_URL: "localhost:8007" },
    { COMPARE_URL: "ftp://user:secret@localhost" },
    { COMPARE_URL: "", COMPARE_PORT: "many" },
    { COMPARE_URL: "", COMPARE_PORT: "8007@secret.example" },
  ])("names the variable that is wrong in %j, without its value, and exits with 2", async (env) => {
    const { code, stderr } = await server.run([unknownId], env);
    const variable = env.COMPARE_URL === "" ? "COMPARE_PORT" : "COMPARE_URL";
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${variable} cannot be used`)]);
    expect(stderr).not.toContain("secret");
    expect(stderr).toMatch(/such as .*8007/);
  });

  it.each([
    [[], "Give one order id or trace id."],
    [["a", "b"], "Give one order id or trace id."],
    [[" "], "Give one order id or trace id."],
    [["0".repeat(32)], "zeros"],
    [["a", "--what"], "--what"],
    [["a", "--left"], "--left"],
    [["a", "--wait", "long"], '--wait "long": give seconds from 0 to 3600'],
    [["a", "--wait", "99999"], '--wait "99999"'],
    [["a", "--wait", "-1"], "Option '--wait' argument is ambiguous. Did you forget"],
    [["a", "--tolerance", "1ms"], '--tolerance "1ms": give milliseconds from 0 to'],
    [["a", "--export", "pdf"], '--export "pdf": give one of otlp, jaeger-v1, jaeger-v3, sentry, sentry-api.'],
    [["a", "--export", "otlp", "--json"], "--json"],
    [
      ["a", "--left", "elsewhere"],
      "--left: There is no such source. There are: local:sentry, local:otlp, jaeger:URL",
    ],
    [["a", "--right", "file:/does/not/exist.json"], "/does/not/exist.json"],
  ])("explains what is wrong with the arguments %j, and exits with 2", async (args, text) => {
    const { code, stdout, stderr } = await server.run(args);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(text)]);
  });

  it.each([
    ["\u001b[2Jx\u009b2J", "--wait", "0"],
    ["x", "--\u001b[2J"],
  ])("lets the argument %j not take over the terminal", async (...args) => {
    const { code, stderr } = await server.run(args);
    expect(code).toBe(2);
    expect(stderr.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  it("exits with 2, not with the 1 of a difference, when compare answers with what nobody thought of", async () => {
    const trace = { spans: [null], errors: [], logs: [], traceId: unknownId, format: "otlp" };
    const view = JSON.stringify({ traceId: unknownId, sentry: trace, otlp: trace });
    const other = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(view);
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await server.run([unknownId], { COMPARE_URL: `http://127.0.0.1:${port}` });
    other.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining("TypeError")]);
  });

  it("prints its usage on request, which is that of the documentation, and exits with 0", async () => {
    const { code, stdout } = await runProgram(command, ["--help"]);
    expect(code).toBe(0);
    for (const word of ["--left", "--tolerance", "--export", "COMPARE_URL", "Exit code 0: equal; 1:"])
      expect(stdout).toContain(word);
    expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
    const document = readFileSync(new URL("../../../docs/compare-command.md", import.meta.url), "utf8");
    expect(document).toContain(stdout);
  });

  it("keeps its exit code when nobody reads its output to the end", async () => {
    const traceId = await sendRecordedOrder(server.url, {
      change: (span) => ({ ...span, name: "another" }),
    });
    const ended = await readOnlyTheStart(command, [traceId, "--all", "--json"], { COMPARE_URL: server.url });
    expect(ended).toEqual({ code: 1, stderr: "" });
  });
});
