import { createServer as createHttpServer } from "node:http";
import { runService } from "@tracebridge/service";
import { readWebConfig } from "./config.ts";
import { createStatusConsumer } from "./consumers/status.ts";
import { createPasswordResets } from "./resets/password-resets.ts";
import { createServer } from "./server.ts";
import { createOrderStore } from "./store/orders.ts";
import { createResetStore } from "./store/resets.ts";
import { createUserStore } from "./store/users.ts";

await runService({
  name: "web",
  readConfig: readWebConfig,
  build: (context) => {
    const { config, logger } = context;
    const store = createOrderStore(context);
    const users = createUserStore(context, config.SAMPLE_USERS);
    const resets = createResetStore(context);
    const secret = config.RESET_TOKEN_SECRET;
    const now = Date.now;
    const app = createServer({
      ...context,
      store,
      resets: {
        passwords: createPasswordResets({ users, resets, secret, now, logger }),
        limits: { perAddress: config.RESETS_PER_ADDRESS, perClient: config.RESETS_PER_CLIENT },
        now,
      },
      trustProxy: config.TRUST_PROXY,
      corsOrigins: config.CORS_ORIGINS,
      pageDir: config.PAGE_DIR,
      compareUrl: config.COMPARE_URL,
    });
    return {
      server: createHttpServer(app),
      stores: [store, users, resets],
      consumer: createStatusConsumer(store, logger),
    };
  },
});
