import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { runProgram } from "./compare-process.ts";
import { startCommand } from "./running-command.ts";
import { createYoungTrace } from "./young-trace.ts";
import { useCompare } from "./use-compare.ts";

const command = "compare-command.ts";

describe("npm run compare, while spans are on their way,", () => {
  const server = useCompare("compare-command.ts");

  it("waits for them, and compares what is there then", async () => {
    const trace = createYoungTrace();
    await trace.send(server.url, "root", "first");
    const proxy = await startProxy(server.url, () => trace.send(server.url, "second"));
    const { code, stdout } = await runProgram(
      command,
      [trace.traceId, "--left", trace.file, "--wait", "600"],
      {
        COMPARE_URL: urlOf(proxy),
      },
    );
    proxy.close();
    expect([code, stdout]).toEqual([0, expect.stringContaining("\nEqual: there is no difference.\n")]);
  });

  it("waits for a parent that neither side has yet", async () => {
    const trace = createYoungTrace();
    await trace.send(server.url, "first");
    const proxy = await startProxy(server.url, () => trace.send(server.url, "root"));
    const { code, stdout } = await runProgram(
      command,
      [trace.traceId, "--left", "local:otlp", "--wait", "600"],
      { COMPARE_URL: urlOf(proxy) },
    );
    proxy.close();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^web: root .*\n {2}web: first /m)]);
  });

  it("waits for an order of which nothing has arrived", async () => {
    const trace = createYoungTrace();
    const proxy = await startProxy(server.url, () => trace.send(server.url, "root", "first", "second"));
    const { code, stderr } = await runProgram(
      command,
      [trace.traceId, "--left", "local:otlp", "--wait", "600"],
      {
        COMPARE_URL: urlOf(proxy),
      },
    );
    proxy.close();
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("tells what may still come when there is no time left, and exits with 2", async () => {
    const trace = createYoungTrace();
    await trace.send(server.url, "root", "second");
    const { code, stdout } = await runProgram(command, [trace.traceId, "--left", trace.file, "--wait", "0"], {
      COMPARE_URL: server.url,
    });
    expect(code).toBe(2);
    expect(stdout).toContain(
      "1 late item\n… web: first  2222222222222222\n    only trace.json has this span so far\n",
    );
    expect(stdout).toMatch(/^ {2}web: first .* …<$/m);
    expect(stdout).toContain("Could not compare: 1 of spans, errors or logs may still be on their way");
  });

  it("sees with --watch a late span arrive, and ends at Ctrl-C with the code of its last comparison", async () => {
    const trace = createYoungTrace();
    const watching = startCommand(command, [trace.traceId, "--left", trace.file, "--watch"], {
      COMPARE_URL: server.url,
    });
    await watching.prints(/Nothing is known|has no span of this trace/);
    await trace.send(server.url, "root", "first");
    await watching.prints(/1 late item/);
    await trace.send(server.url, "second");
    await watching.prints(/── .* UTC ──[^]*Equal: there is no difference\./);
    expect(await watching.stop("SIGINT")).toBe(0);
  });

  it("goes on watching when compare is away for a while, and tells so", async () => {
    const trace = createYoungTrace();
    await trace.send(server.url, "root", "first", "second");
    let isAway = true;
    const proxy = await startProxy(
      server.url,
      () => undefined,
      () => isAway,
    );
    const watching = startCommand(command, [trace.traceId, "--left", trace.file, "--watch"], {
      COMPARE_URL: urlOf(proxy),
    });
    await watching.prints(/compare at .* cannot be reached/);
    isAway = false;
    await watching.prints(/Equal/);
    expect(await watching.stop("SIGTERM")).toBe(0);
    proxy.close();
  });

  it("prints with --watch nothing again as long as nothing changes", async () => {
    const trace = createYoungTrace();
    await trace.send(server.url, "root", "first", "second");
    let questions = 0;
    const proxy = await startProxy(
      server.url,
      () => undefined,
      () => (questions += 1) < 0,
    );
    const watching = startCommand(command, [trace.traceId, "--left", trace.file, "--watch"], {
      COMPARE_URL: urlOf(proxy),
    });
    await vi.waitUntil(() => questions >= 3, { timeout: 60_000 });
    expect(await watching.stop("SIGINT")).toBe(0);
    expect(watching.printed().match(/Equal/g)).toHaveLength(1);
    proxy.close();
  });

  it("ends at Ctrl-C with 2 when it never could compare", async () => {
    const { traceId } = createYoungTrace();
    const watching = startCommand(command, [traceId, "--watch"], { COMPARE_URL: server.url });
    await watching.prints(/Nothing is known/);
    expect(await watching.stop("SIGINT")).toBe(2);
  });

  it("prints with --watch and --json a line for each comparison", async () => {
    const trace = createYoungTrace();
    await trace.send(server.url, "root", "first");
    const watching = startCommand(command, [trace.traceId, "--left", trace.file, "--watch", "--json"], {
      COMPARE_URL: server.url,
    });
    await watching.prints(/^\{"schemaVersion":1,.*"verdict":"incomplete".*\}\n$/);
    await trace.send(server.url, "second");
    await watching.prints(/\n\{"schemaVersion":1,.*"verdict":"equal".*\}\n$/);
    expect(await watching.stop("SIGINT")).toBe(0);
  });
});

/** Passes questions on; `onAnswered` runs once, after the first answer. While it is away it drops every connection. */
async function startProxy(
  url: string,
  onAnswered: () => Promise<void> | undefined,
  isAway: () => boolean = () => false,
): Promise<Server> {
  let answered = false;
  const proxy = createServer((request, response) => {
    if (isAway()) {
      request.socket.destroy();
      return;
    }
    void fetch(new URL(request.url ?? "/", url)).then(async (answer) => {
      response.writeHead(answer.status, {
        "content-type": answer.headers.get("content-type") ?? "text/plain",
      });
      const body = await answer.text();
      if (!answered) await onAnswered();
      answered = true;
      response.end(body);
    });
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return proxy;
}

function urlOf(proxy: Server): string {
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
