import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the measured service calls: not traced, in a process of its own. */
const server = createServer((request, response) => {
  request.resume();
  response.end("leaf");
});
// The service's connections wait between rounds; one that is cut meanwhile would fail a request.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit(0));
