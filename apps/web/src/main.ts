import { createServer as createHttpServer } from "node:http";
import { runService } from "@tracebridge/service";
import { readWebConfig } from "./config.ts";
import { createStatusConsumer } from "./consumers/status.ts";
import { createServer } from "./server.ts";
import { createOrderStore } from "./store/orders.ts";

await runService({
  name: "web",
  readConfig: readWebConfig,
  build: (context) => {
    const { config, logger } = context;
    const store = createOrderStore(context);
    const app = createServer({ ...context, store, pageDir: config.PAGE_DIR, compareUrl: config.COMPARE_URL });
    return { server: createHttpServer(app), stores: [store], consumer: createStatusConsumer(store, logger) };
  },
});
