import { runService } from "@tracebridge/service";
import { readFactoryConfig } from "./config.ts";
import { createMakeItemConsumer } from "./consumers/make-item.ts";
import { createServer } from "./server.ts";
import { createItemStore } from "./store/items.ts";

await runService({
  name: "factory",
  readConfig: readFactoryConfig,
  build: async (context) => {
    const { config, logger } = context;
    const store = createItemStore(context);
    const app = await createServer({ ...context, store });
    const consumer = createMakeItemConsumer({
      store,
      logger,
      delay: config.FACTORY_DELAY_MILLIS,
      failRate: config.FACTORY_FAIL_RATE,
    });
    return { server: app.server, stores: [store], consumer };
  },
});
