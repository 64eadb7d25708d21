import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpServer } from "../src/http-server.ts";

describe("a sender that takes too long", () => {
  const server = createHttpServer(
    (request, response) => void request.resume().on("end", () => response.end("taken")),
    {
      headersMillis: 200,
      requestMillis: 400,
    },
  );
  let socket: Socket;
  beforeEach(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  });
  afterEach(() => new Promise<unknown>((resolve) => server.close(resolve)));

  const readAnswer = async (): Promise<string> => {
    let answer = "";
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };

  it("over the head of its request is answered 408, and its connection closed", async () => {
    socket.write("POST /v1/traces HTTP/1.1\r\nhost: x\r\n");
    expect(await readAnswer()).toMatch(/^HTTP\/1\.1 408 .*connection: close/is);
  });

  it("over its body has its connection closed, however often a byte arrives", async () => {
    socket.on("error", () => {}); // a byte may come too late
    socket.write("POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n");
    const dripping = setInterval(() => socket.write("x"), 20);
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(dripping);
    expect(socket.bytesWritten).toBeLessThan(1_000_000);
  });
});
