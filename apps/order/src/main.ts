import { runService } from "@tracebridge/service";
import { readOrderConfig } from "./config.ts";
import { createOrderConsumer } from "./consumers/order-messages.ts";
import { readFailPoint } from "./fail-point.ts";
import { createServer } from "./server.ts";
import { createOrderStore } from "./store/orders.ts";

await runService({
  name: "order",
  readConfig: readOrderConfig,
  build: async (context) => {
    const { config, logger } = context;
    const store = createOrderStore(context, readFailPoint(config.FAIL_POINT));
    const app = await createServer({ ...context, store });
    return { server: app.server, stores: [store], consumer: createOrderConsumer(store, logger) };
  },
});
