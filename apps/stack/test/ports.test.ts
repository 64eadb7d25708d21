import { createServer } from "node:net";
import { claimPort } from "@tracebridge/embedded/ports";
import { expect, it } from "vitest";
import { checkPortsAreFree } from "../src/ports.ts";

it("free ports pass", async () => {
  await expect(checkPortsAreFree({ WEB_PORT: await claimPort() })).resolves.toBeUndefined();
});

it("a busy port is named with its variable and a free one to take instead", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await expect(checkPortsAreFree({ WEB_PORT: await claimPort(), COMPARE_PORT: port })).rejects.toThrow(
    new RegExp(`COMPARE_PORT=${port}\\n.*for example COMPARE_PORT=\\d+ npm start`, "s"),
  );
  server.close();
});

it("two variables with one port are named", async () => {
  await expect(checkPortsAreFree({ WEB_PORT: 9000, ORDER_PORT: 9001, FACTORY_PORT: 9000 })).rejects.toThrow(
    "WEB_PORT and FACTORY_PORT are both 9000",
  );
});
